package dev.grantbook.grant;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.Account.InstalledAt;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.ProviderToken;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Alice granted to the wallet bot, and what a test wants otherwise. */
public final class Sample {

    private String connector = "wallet";
    private String subject = "alice";
    private String account = "a-1";
    private @Nullable String name = "Alice 王 😀";
    private @Nullable InstalledAt installation;
    private String token = "access-1";
    private @Nullable String refresh;
    private @Nullable Duration expiresIn;
    private List<ProviderToken> secondaryTokens = List.of();
    private @Nullable Scopes granted = Scopes.of("PROFILE:READ", "ASSETS:READ");

    public Sample connector(String value) {
        connector = value;
        return this;
    }

    public Sample subject(String value) {
        subject = value;
        return this;
    }

    public Sample account(String value) {
        account = value;
        return this;
    }

    public Sample name(@Nullable String value) {
        name = value;
        return this;
    }

    public Sample installation(String id, @Nullable String of) {
        installation = new InstalledAt(id, of);
        return this;
    }

    public Sample token(String value) {
        token = value;
        return this;
    }

    public Sample refresh(String value) {
        refresh = value;
        return this;
    }

    public Sample expiresIn(Duration value) {
        expiresIn = value;
        return this;
    }

    public Sample granted(@Nullable Scopes value) {
        granted = value;
        return this;
    }

    public Sample secondaryTokens(ProviderToken... values) {
        secondaryTokens = List.of(values);
        return this;
    }

    public ReceivedTokens received() {
        var reply = new TokenResponse(
                new Secret(token), "Bearer", expiresIn, refresh == null ? null : new Secret(refresh), granted, null);
        return new ReceivedTokens(
                new ConnectorId(connector),
                subject.isEmpty() ? null : new Subject(subject),
                account.isEmpty() ? null : new Account(account, name, installation),
                Scopes.of("PROFILE:READ", "ASSETS:READ", "PHONE:READ"),
                reply,
                secondaryTokens);
    }
}
