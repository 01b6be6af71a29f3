"""The addresses of the schools floor."""

from django.urls import path

from schools.views import account, people

urlpatterns = [
    path("me/", account.Account.as_view(), name="account"),
    path("me/tokens/", account.Tokens.as_view(), name="account-tokens"),
    path("me/tokens/<int:token_id>/revoke/", account.TokenRevoke.as_view(), name="account-token-revoke"),
    path("s/<slug:slug>/people/", people.People.as_view(), name="people"),
]
