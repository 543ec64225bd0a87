"""A device in words that its owner recognises."""

from flask_babel import gettext as _

# In this order: Edge also says Chrome, Chrome also says Safari, Android also says Linux.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


def device_name(agent: str) -> str:
    """ "Firefox sur Android" from what a browser says of itself; what it says, shortened, when we do not know it."""
    browser = next((name for sign, name in BROWSERS if sign in agent), None)
    system = next((name for sign, name in SYSTEMS if sign in agent), None)
    if browser and system:
        return _("%(browser)s sur %(system)s", browser=browser, system=system)
    return browser or system or agent[:40]
