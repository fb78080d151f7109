package dev.grantbook.revocation;

import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A provider that is told of ends, and answers as a test wants. */
final class Hearing extends TokenEndpoint {

    private final List<String> heard = new ArrayList<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> unknownKinds = new HashSet<>();
    private @Nullable FailureKind trouble;
    private Runnable meanwhile = () -> {};
    private @Nullable String next;

    @Override
    public synchronized RevocationReply revoke(ClientRegistration client, Secret token, String kind) {
        if (unknownKinds.contains(kind)) {
            return RevocationReply.NO_WAY;
        }
        heard.add(token.value());
        meanwhile.run();
        if (trouble != null) {
            throw new ProviderException(trouble, "as the test wants");
        }
        return dead.contains(token.value()) ? RevocationReply.DEAD_BEFORE : RevocationReply.AGREED;
    }

    @Override
    public synchronized TokenResponse refresh(ClientRegistration client, Secret refreshToken, TokenPart part) {
        String token = next;
        if (token == null) {
            throw new ProviderException(FailureKind.REFRESH_REFUSED, "as the test wants");
        }
        return new TokenResponse(
                new Secret("access-" + token), "Bearer", null, new Secret("refresh-" + token), null, null);
    }

    synchronized void fails(@Nullable FailureKind kind) {
        trouble = kind;
    }

    /** Happens while the provider is told. */
    synchronized void meanwhile(Runnable what) {
        meanwhile = what;
    }

    synchronized void knowsNo(String kind) {
        unknownKinds.add(kind);
    }

    synchronized void saysIsDead(String token) {
        dead.add(token);
    }

    /** What the refresh token is worth; nothing unless this is called. */
    synchronized void refreshesTo(String token) {
        next = token;
    }

    /** Every token that it was told of, in turn. */
    synchronized List<String> heard() {
        return List.copyOf(heard);
    }
}
