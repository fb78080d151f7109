package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a token request is about, at providers that ask for it like RFC 6749 (sections 4.1.3 and 6) and RFC 7636
 * (section 4.6). How a provider words its refusals is its dialect's.
 */
@ApplicationScoped
public class TokenRequests {

    @Inject
    SandboxAuthorizations authorizations;

    /** What is wrong with a request. */
    public enum TokenFault {
        GRANT_TYPE,
        CODE,
        REDIRECT_URI,
        VERIFIER,
        REFRESH_TOKEN
    }

    /** How long a refresh token works. */
    public enum Refreshing {
        /** As often as it is shown. */
        KEEPS,
        /** Once. */
        ROTATES,
        /** There are none. */
        NEVER
    }

    /**
     * Takes the code, or looks the refresh token up.
     *
     * @param client who has proved to be it
     * @param words how the provider says what is wrong
     */
    public SandboxAuthorization find(
            String dialect,
            Connector client,
            Parameters form,
            Refreshing refreshing,
            Function<TokenFault, Refusal> words) {
        return switch (String.valueOf(form.get("grant_type"))) {
            case "authorization_code" -> code(dialect, client, form, words);
            case "refresh_token" -> refresh(dialect, client, form, refreshing, words);
            default -> throw words.apply(TokenFault.GRANT_TYPE);
        };
    }

    private SandboxAuthorization code(
            String dialect, Connector client, Parameters form, Function<TokenFault, Refusal> words) {
        SandboxAuthorization taken = secret(form.get("code"))
                .flatMap(code -> authorizations.take(dialect, client.clientId(), code))
                .orElseThrow(() -> words.apply(TokenFault.CODE));
        if (!taken.isBoundTo(form.get("redirect_uri"))) {
            throw words.apply(TokenFault.REDIRECT_URI);
        }
        if (!taken.isProvedBy(form.get("code_verifier"))) {
            throw words.apply(TokenFault.VERIFIER);
        }
        return taken;
    }

    private SandboxAuthorization refresh(
            String dialect,
            Connector client,
            Parameters form,
            Refreshing refreshing,
            Function<TokenFault, Refusal> words) {
        Optional<Secret> token = secret(form.get("refresh_token"));
        Optional<SandboxAuthorization> held = switch (refreshing) {
            case KEEPS -> token.flatMap(shown -> authorizations.find(dialect, SandboxToken.REFRESH, shown));
            case ROTATES -> token.flatMap(shown -> authorizations.spend(dialect, SandboxToken.REFRESH, shown));
            case NEVER -> throw words.apply(TokenFault.GRANT_TYPE);
        };
        return held.filter(authorization -> authorization.clientId().equals(client.clientId()))
                .orElseThrow(() -> words.apply(TokenFault.REFRESH_TOKEN));
    }

    private static Optional<Secret> secret(@Nullable String text) {
        return Optional.ofNullable(text).filter(some -> !some.isEmpty()).map(Secret::new);
    }
}
