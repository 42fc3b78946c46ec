"""A Django project in memory for the packs of Django's flag packages."""

from __future__ import annotations

from real_sdk import installed

APPS = {"waffle": "waffle", "flags": "flags"}


def set_up() -> None:
    """Configure Django once, with the apps that are installed, and make their tables."""
    installed("django", "django")
    from importlib.util import find_spec

    import django
    from django.conf import settings
    from django.core.management import call_command

    if settings.configured:
        return
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            *(app for module, app in APPS.items() if find_spec(module)),
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        FLAGS={"NEW_CART": [("boolean", True)]},
        FEATURES={"ENABLE_LIBRARIES": True},
        ROOT_URLCONF="django_project",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)


urlpatterns: list[object] = []
