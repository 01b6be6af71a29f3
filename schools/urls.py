"""The addresses of the schools floor."""

from django.urls import URLPattern, URLResolver, include, path

from schools.views import account, letters, people

urlpatterns: list[URLPattern | URLResolver] = [
    # The school knows people's addresses: nobody adds or confirms one here.
    path("account/email/", account.not_offered, name="account_not_offered"),
    path("account/confirm-email/", account.not_offered, name="account_not_offered"),
    path("account/confirm-email/<str:key>/", account.not_offered, name="account_not_offered"),
    path("account/", include("allauth.account.urls")),
    path("letters/stop/<str:signs>/", letters.StopLetters.as_view(), name="stop-letters"),
    path("me/", account.Account.as_view(), name="account"),
    path("me/tokens/", account.Tokens.as_view(), name="account-tokens"),
    path("me/tokens/<int:token_id>/revoke/", account.TokenRevoke.as_view(), name="account-token-revoke"),
    path("s/<slug:slug>/people/", people.People.as_view(), name="people"),
]
