"""Every rate limit. A view that shares one with another shares its counter; ``scope`` names the counter."""

from config.api.throttling import ByAddress, ByEmail, ByUser

REGISTER = ByAddress.at("register", "300/min")
LOGIN_FROM_ADDRESS = ByAddress.at("login", "300/min")
LOGIN_TO_ACCOUNT = ByEmail.at("login", "20/min")
REFRESH = ByAddress.at("refresh", "600/min")
OWN_ACCOUNT = ByUser.at("me", "600/min")
CHANGE_PASSWORD = ByUser.at("password", "10/min")
RESET_FROM_ADDRESS = ByAddress.at("reset", "60/min")
RESET_OF_ACCOUNT = ByEmail.at("reset", "5/hour")
CONFIRM_RESET = ByAddress.at("reset-confirm", "60/min")
CREATE_ADMIN = ByAddress.at("create-admin", "10/min")
ADMIN_LOGIN_FROM_ADDRESS = ByAddress.at("admin-login", "30/min")
ADMIN_LOGIN_TO_ACCOUNT = ByEmail.at("admin-login", "10/min")

READ_EVENTS = ByUser.at("read", "3000/min")
CHANGE_EVENTS = ByUser.at("organize", "600/min")
REPORT = ByUser.at("report", "30/hour")
APPEAL = ByUser.at("appeal", "30/hour")

BOOK = ByUser.at("book", "600/min")
READ_BOOKINGS = ByUser.at("bookings-read", "1200/min")
WAITLIST = ByUser.at("waitlist", "600/min")

ANALYTICS = ByUser.at("analytics", "600/min")

NOTIFICATIONS = ByUser.at("notifications", "1200/min")
READ_WEBHOOKS = ByUser.at("webhooks", "600/min")
CHANGE_WEBHOOKS = ByUser.at("webhook-changes", "120/min")
