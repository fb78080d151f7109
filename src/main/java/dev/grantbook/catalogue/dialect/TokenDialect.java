package dev.grantbook.catalogue.dialect;

import dev.grantbook.oauth.Scopes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dialect of the token endpoint.
 *
 * @param sendsClientId whether the client id goes along beside HTTP Basic
 * @param assertsToEndpoint whether the audience of a client assertion is the token endpoint instead of the issuer
 * @param sendsGrantType whether {@code grant_type} and {@code redirect_uri} go along
 * @param envelope where the reply proper is inside the body
 * @param parts where tokens and scopes are in the reply proper; the first one with a token gives the grant's token
 * @param lifetime how long a token lives when its reply does not say; null when it may live for ever
 * @param presentations how a grant can be presented; a connector chooses, or takes the first
 */
public record TokenDialect(
        BodyFormat body,
        ClientAuthentication authentication,
        boolean sendsClientId,
        boolean assertsToEndpoint,
        boolean sendsGrantType,
        FailureShape failure,
        Pointer envelope,
        String scopeSeparator,
        List<TokenPart> parts,
        @Nullable Duration lifetime,
        List<Presentation> presentations) {

    /**
     * An object of a token reply that has a token, and its scopes.
     *
     * @param prefix put before the scopes that are named there
     * @param kind kind of secondary token when an earlier part has a token too; empty for the grant's own
     * @param id where, from this object, the id of the token's owner is
     */
    public record TokenPart(Pointer at, String prefix, String kind, Pointer id) {

        public static final TokenPart WHOLE = new TokenPart(Pointer.WHOLE, "", "", Pointer.WHOLE);
    }

    /**
     * Finds the part that a grant's own token came from, which replies to refreshes do not say.
     *
     * @param granted the grant's scopes
     * @param held the kinds of the grant's secondary tokens
     */
    public TokenPart own(Scopes granted, Set<String> held) {
        List<TokenPart> possible = parts.stream()
                .filter(part -> part.kind().isEmpty() || !held.contains(part.kind()))
                .toList();
        return possible.stream()
                .filter(part -> !scopesOf(part, granted).isEmpty())
                .findFirst()
                .or(() -> possible.stream().findFirst())
                .orElse(parts.get(0));
    }

    /** The part that secondary tokens of a kind come from; empty for kinds that are listed elsewhere. */
    public Optional<TokenPart> partOf(String kind) {
        return parts.stream().filter(part -> part.kind().equals(kind)).findFirst();
    }

    /** Those of some scopes that belong to a part; the longest prefix decides. */
    public Scopes scopesOf(TokenPart part, Scopes all) {
        return Scopes.of(all.tokens().stream()
                .filter(scope -> parts.stream()
                        .map(TokenPart::prefix)
                        .filter(scope::startsWith)
                        .max(Comparator.comparingInt(String::length))
                        .filter(part.prefix()::equals)
                        .isPresent())
                .toList());
    }
}
