// The form to log in; both pages have it.

import { byId, show } from "./dom.js";
import { reasonOf } from "./words.js";

export const ELSEWHERE = "You are logged in in another tab, which goes on. Log in here too, to use both.";

/** Let people log in who `role` names; `onUser` gets the user, `stranger` is the sentence for the others. */
export function loginForm(session, { role, stranger, onUser }) {
  const form = byId("login");
  const button = form.querySelector("button");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    say("");
    if (!form.email.value || !form.password.value) return say("Enter your e-mail and your password.");
    button.disabled = true;
    try {
      const user = await session.logIn(form.email.value, form.password.value);
      form.password.value = "";
      if (user.role === role) onUser(user);
      else await turnAway(user);
    } catch (problem) {
      say(reasonOf(problem));
      form.password.focus();
    } finally {
      button.disabled = false;
    }
  });

  async function turnAway(user) {
    await session.logOut();
    say(stranger(user));
  }

  function say(text) {
    byId("login-problem").textContent = text;
    show(byId("login-problem"), text !== "");
  }

  return {
    open(text = "") {
      show(form, true);
      say(text);
    },
    close() {
      show(form, false);
      say("");
    },
  };
}
