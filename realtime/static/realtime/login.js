// The login form of both pages.

import { byId, show } from "./dom.js";
import { reasonOf } from "./format.js";

export const ELSEWHERE = "You are logged in in another tab. Log in here too to use both.";

/** Log in users with this role: `onUser` gets the user. `otherRole(user)` returns the sentence for all others. */
export function loginForm(session, { role, otherRole, onUser }) {
  const form = byId("login");
  const button = form.querySelector("button");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    showProblem("");
    if (!form.email.value || !form.password.value) return showProblem("Enter your e-mail and your password.");
    button.disabled = true;
    try {
      const user = await session.logIn(form.email.value, form.password.value);
      form.password.value = "";
      if (user.role === role) onUser(user);
      else await reject(user);
    } catch (problem) {
      showProblem(reasonOf(problem));
      form.password.focus();
    } finally {
      button.disabled = false;
    }
  });

  async function reject(user) {
    await session.logOut();
    showProblem(otherRole(user));
  }

  function showProblem(text) {
    byId("login-problem").textContent = text;
    show(byId("login-problem"), text !== "");
  }

  return {
    open(text = "") {
      show(form, true);
      showProblem(text);
    },
    close() {
      show(form, false);
      showProblem("");
    },
  };
}
