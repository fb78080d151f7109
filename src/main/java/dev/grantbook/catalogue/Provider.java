package dev.grantbook.catalogue;

import dev.grantbook.catalogue.account.AccountMapping;
import dev.grantbook.catalogue.account.AccountProof;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.AuthorizationDialect;
import dev.grantbook.catalogue.dialect.BearerChallenge;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.catalogue.dialect.ScopeDialect;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.WebhookSignature;
import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonStructure;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that grants OAuth access, as its descriptor in the catalogue describes it; {@code docs/descriptors.md}
 * explains each key. A connector has a copy with its own endpoints, and discovery completes that.
 *
 * @param id the descriptor's name: {@code mixin}
 * @param discovery whether a connector may name only an issuer, whose metadata then names the endpoints
 * @param issuer the connector's authorization server (RFC 8414 section 2); null when it names none
 * @param issuerPromised whether every callback names the issuer (RFC 9207)
 * @param idToken what ID tokens must satisfy; null when the provider sends none
 * @param accountProof how users prove their account to a web page without OAuth; null when they cannot
 * @param providerTokens how to read the list of secondary tokens; null when there is none
 * @param quirks names of behaviours that data cannot express
 * @param settings where its users withdraw what they allowed; null when that is unknown
 */
public record Provider(
        String id,
        String name,
        boolean discovery,
        @Nullable String issuer,
        boolean issuerPromised,
        Endpoints endpoints,
        AuthorizationDialect authorization,
        TokenDialect token,
        Presentation presentation,
        AccountMapping account,
        @Nullable IdToken idToken,
        @Nullable AccountProof accountProof,
        ScopeDialect scopeDialect,
        RevocationMethod revocation,
        ProbeMethod probe,
        List<ApiFailure.Rule> failures,
        @Nullable ProviderTokenList providerTokens,
        NoticeDialect notices,
        ProxyRules proxy,
        List<String> quirks,
        ScopeCatalogue catalogue,
        @Nullable AccountSettings settings) {

    /**
     * What ID tokens must satisfy (OpenID Connect Core 1.0 section 3.1.3.7).
     *
     * @param issuer where the connector names none; may contain {@code {tenantid}}, for the claim {@code tid}; null for
     *     none
     * @param required whether a token reply without one is refused
     * @param nonce whether it always repeats the request's nonce; otherwise only a wrong one is refused
     * @param algorithms how it may be signed; with the client secret only where the descriptor says so
     */
    public record IdToken(@Nullable String issuer, boolean required, boolean nonce, Set<String> algorithms) {

        /** Algorithms with a key that only the provider has. */
        public static final Set<String> BY_KEY = Set.of(
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");

        /** Whether the provider's keys are needed to check one. */
        public boolean isSignedByKey() {
            return algorithms.stream().anyMatch(BY_KEY::contains);
        }
    }

    /**
     * How to read the list of secondary tokens.
     *
     * @param next where the address of the next page is; leads nowhere on the last one
     */
    public record ProviderTokenList(String kind, Pointer list, Pointer id, Pointer name, Pointer token, Pointer next) {}

    /**
     * Messages that the provider sends to addresses registered there.
     *
     * @param signedRequest whether it sends signed requests when an account revokes everything, or demands erasure
     */
    public record NoticeDialect(WebhookSignature webhook, boolean signedRequest) {}

    /** This provider with endpoints elsewhere: a mirror, the sandbox, a company's own server. */
    public Provider with(Endpoints elsewhere) {
        return with(issuer, issuerPromised, elsewhere, presentation, idToken, probe, settings);
    }

    /** This provider with other settings pages, unless null. */
    public Provider with(@Nullable AccountSettings elsewhere) {
        return elsewhere == null
                ? this
                : with(issuer, issuerPromised, endpoints, presentation, idToken, probe, elsewhere);
    }

    public Provider with(Presentation chosen) {
        return with(issuer, issuerPromised, endpoints, chosen, idToken, probe, settings);
    }

    public Provider withIssuer(@Nullable String named, boolean promised) {
        return with(named, promised, endpoints, presentation, idToken, probe, settings);
    }

    public Provider withoutPushedAuthorization() {
        return with(endpoints.withoutPushedAuthorization());
    }

    /**
     * Adds the server's metadata where neither descriptor nor connector says anything.
     *
     * @param found endpoints, by their names in descriptors
     * @param promisesIssuer whether every callback names the issuer (RFC 9207 section 3)
     * @param idTokenAlgorithms how ID tokens may be signed
     */
    public Provider complete(Map<String, URI> found, boolean promisesIssuer, Set<String> idTokenAlgorithms) {
        Endpoints all = endpoints.complete(found);
        boolean introspects = all.account() == null && all.introspection() != null;
        return with(
                issuer,
                issuerPromised || promisesIssuer,
                all,
                presentation,
                idToken == null
                        ? new IdToken(null, false, true, idTokenAlgorithms)
                        : new IdToken(idToken.issuer, idToken.required, idToken.nonce, idTokenAlgorithms),
                introspects && probe.how() == ProbeMethod.How.ACCOUNT ? probe.by(ProbeMethod.How.INTROSPECTION) : probe,
                settings);
    }

    private Provider with(
            @Nullable String newIssuer,
            boolean newIssuerPromised,
            Endpoints newEndpoints,
            Presentation newPresentation,
            @Nullable IdToken newIdToken,
            ProbeMethod newProbe,
            @Nullable AccountSettings newSettings) {
        return new Provider(
                id,
                name,
                discovery,
                newIssuer,
                newIssuerPromised,
                newEndpoints,
                authorization,
                token,
                newPresentation,
                account,
                newIdToken,
                accountProof,
                scopeDialect,
                revocation,
                newProbe,
                failures,
                providerTokens,
                notices,
                proxy,
                quirks,
                catalogue,
                newSettings);
    }

    /** The connector's issuer, or else the descriptor's; null when neither names one. */
    public @Nullable String idTokenIssuer() {
        return issuer == null && idToken != null ? idToken.issuer : issuer;
    }

    /** Whether discovery must name the endpoints. */
    public boolean isToBeFound() {
        return discovery && (endpoints.authorization() == null || endpoints.token() == null);
    }

    /** Names the server, for caches and health: several connectors of a shared descriptor have several servers. */
    public String server() {
        URI token = endpoints.token();
        return id + " " + (issuer != null ? issuer : token == null ? "" : token.getAuthority());
    }

    /** Whether an endpoint says if a token lives; a server that is still to be discovered may have one. */
    public boolean answersProbes() {
        return probe.how() != ProbeMethod.How.ACCOUNT || endpoints.account() != null || isToBeFound();
    }

    /** Whether it can be notified that a grant ended, as far as that is known before discovery. */
    public EndNotice endNotice() {
        if (endpoints.revocation() != null) {
            return EndNotice.POSSIBLE;
        }
        return isToBeFound() ? EndNotice.UNKNOWN : EndNotice.IMPOSSIBLE;
    }

    /**
     * Whether an authorization response may be this server's (RFC 9207 section 2.4): simple string comparison, and
     * absence only where {@code iss} was not promised.
     *
     * @param named the response's {@code iss}; null when there was none
     */
    public boolean mayBeFrom(@Nullable String named) {
        return named == null ? !issuerPromised : issuer == null || issuer.equals(named);
    }

    /**
     * Determines the scopes after a refresh. A refresh speaks only of its own part; the others stay.
     *
     * @param part the part that the refresh token belongs to
     * @param reported as the reply names them, with the part's prefix; null when it names none
     * @param known what was granted until now
     */
    public Scopes readGranted(TokenDialect.TokenPart part, @Nullable Scopes reported, Scopes known) {
        Scopes own = token.scopesOf(part, known);
        return known.minus(own).plus(scopeDialect.readGranted(reported, own));
    }

    public ApiFailure failure(int status, JsonStructure body) {
        return ApiFailure.classify(failures, status, body);
    }

    /** A challenge in the headers counts before all else. */
    public ApiFailure failure(int status, Map<String, List<String>> headers, JsonStructure body, Scopes granted) {
        return challenge(headers, granted).orElseGet(() -> failure(status, body));
    }

    /**
     * Finds missing scopes in a challenge (RFC 6750 section 3.1). It names every scope that the call needs, so that
     * those that are granted are not missing, unless all of them are.
     *
     * @param granted what the token may do as far as is known
     */
    public Optional<ApiFailure> challenge(Map<String, List<String>> headers, Scopes granted) {
        return BearerChallenge.insufficientScope(headers)
                .map(scopeDialect::rename)
                .map(needed -> {
                    Scopes missing = needed.minus(granted);
                    return new ApiFailure(ApiFailure.Meaning.SCOPE_MISSING, missing.isEmpty() ? needed : missing);
                });
    }

    /** Whether a refusal says in the provider's own words that a token is dead. */
    public boolean namesDead(int status, JsonStructure body) {
        return ApiFailure.namesDead(failures, status, body);
    }
}
