"""All rate limits. Views with the same limit share its counter."""

from config.api.throttling import ByAddress, ByEmail, ByUser

REGISTER = ByAddress.limit("register", "300/min")
LOGIN_FROM_ADDRESS = ByAddress.limit("login", "300/min")
LOGIN_TO_ACCOUNT = ByEmail.limit("login", "20/min")
REFRESH = ByAddress.limit("refresh", "600/min")
OWN_ACCOUNT = ByUser.limit("me", "600/min")
CHANGE_PASSWORD = ByUser.limit("password", "10/min")
RESET_FROM_ADDRESS = ByAddress.limit("reset", "60/min")
RESET_OF_ACCOUNT = ByEmail.limit("reset", "5/hour")
CONFIRM_RESET = ByAddress.limit("reset-confirm", "60/min")
CREATE_ADMIN = ByAddress.limit("create-admin", "10/min")
ADMIN_LOGIN_FROM_ADDRESS = ByAddress.limit("admin-login", "30/min")
ADMIN_LOGIN_TO_ACCOUNT = ByEmail.limit("admin-login", "10/min")

READ_EVENTS = ByUser.limit("read", "3000/min")
CHANGE_EVENTS = ByUser.limit("organize", "600/min")
REPORT = ByUser.limit("report", "30/hour")
APPEAL = ByUser.limit("appeal", "30/hour")

BOOK = ByUser.limit("book", "600/min")
READ_BOOKINGS = ByUser.limit("bookings-read", "1200/min")
WAITLIST = ByUser.limit("waitlist", "600/min")

ANALYTICS = ByUser.limit("analytics", "600/min")

NOTIFICATIONS = ByUser.limit("notifications", "1200/min")
READ_WEBHOOKS = ByUser.limit("webhooks", "600/min")
CHANGE_WEBHOOKS = ByUser.limit("webhook-changes", "120/min")
