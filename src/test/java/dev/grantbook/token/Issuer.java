package dev.grantbook.token;

import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A provider whose refresh tokens work once, and that does what a test wants. */
public final class Issuer extends TokenEndpoint {

    static final Duration LIFETIME = Duration.ofHours(1);

    private final List<String> shown = new ArrayList<>();
    private String current = "refresh-0";
    private boolean rotating = true;
    private @Nullable FailureKind trouble;
    private @Nullable Scopes scopes;
    private @Nullable Duration lifetime = LIFETIME;
    private @Nullable CountDownLatch asked;
    private @Nullable CountDownLatch free;

    @Override
    public TokenResponse refresh(ClientRegistration client, Secret refreshToken, TokenPart part) {
        TokenResponse reply = answer(refreshToken.value());
        hold();
        return reply;
    }

    private synchronized TokenResponse answer(String refreshToken) {
        shown.add(refreshToken);
        if (trouble != null) {
            throw new ProviderException(trouble, "as the test wants");
        }
        if (!refreshToken.equals(current)) {
            throw new ProviderException(FailureKind.REFRESH_REFUSED, "used before");
        }
        int next = shown.size();
        if (rotating) {
            current = "refresh-" + next;
        }
        return new TokenResponse(
                new Secret("access-" + next), "Bearer", lifetime, rotating ? new Secret(current) : null, scopes, null);
    }

    private void hold() {
        CountDownLatch now;
        synchronized (this) {
            now = free;
            free = null;
            if (asked != null) {
                asked.countDown();
            }
        }
        try {
            if (now != null && !now.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the answer go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next answer is on its way until it is let go; the refresh token is used up before. */
    public synchronized Held holdNext() {
        var whenAsked = new CountDownLatch(1);
        var whenFree = new CountDownLatch(1);
        asked = whenAsked;
        free = whenFree;
        return new Held(whenAsked, whenFree);
    }

    /** An answer that is on its way. */
    public record Held(CountDownLatch asked, CountDownLatch free) {

        void awaitQuestion() throws InterruptedException {
            if (!asked.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody asked");
            }
        }

        void letGo() {
            free.countDown();
        }
    }

    public synchronized void standard() {
        rotating = false;
    }

    public synchronized void fails(@Nullable FailureKind kind) {
        trouble = kind;
    }

    /** Says no more how long its tokens live. */
    public synchronized void namesNoLifetime() {
        lifetime = null;
    }

    public synchronized void grants(Scopes what) {
        scopes = what;
    }

    /** Every refresh token that was shown, in turn. */
    public synchronized List<String> shown() {
        return List.copyOf(shown);
    }
}
