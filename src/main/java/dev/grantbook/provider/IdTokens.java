package dev.grantbook.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.Signatures;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks ID tokens (OpenID Connect Core 1.0 section 3.1.3.7) and signed UserInfo replies (section 5.3.2). */
@ApplicationScoped
public class IdTokens {

    /** Placeholder for the claim {@code tid} in the issuer of a provider that has an issuer for each customer. */
    static final String TENANT = "{tenantid}";

    private static final Pattern TENANT_ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Signed with the client secret: only for providers that are declared so. */
    static final Set<String> BY_SECRET = Set.of("HS256", "HS384", "HS512");

    private static final Pointer SUBJECT = new Pointer("/sub");

    @Inject
    KeySets keySets;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Reads the claims of the ID token that came with a token.
     *
     * @param nonce whether a nonce is that of the request; null when none was sent
     * @return empty when there is none, and none was required
     * @throws ProviderException when a check fails
     */
    public Optional<JsonObject> claims(
            ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
        Provider provider = client.provider();
        Provider.IdToken rules = provider.idToken();
        if (rules == null || (token.idToken() == null && !rules.required())) {
            return Optional.empty();
        }
        if (token.idToken() == null) {
            throw new ProviderException(FailureKind.MALFORMED, "the token endpoint's reply has no id_token");
        }
        String issuer = provider.idTokenIssuer();
        if (issuer == null) {
            throw new ConfigurationException("the connector must name the issuer, since ID tokens come from there");
        }
        return Optional.of(
                claims(token.idToken(), Expected.of(client, issuer, rules.algorithms(), rules.nonce(), nonce)));
    }

    /**
     * Compares the account endpoint's {@code sub} with that of a checked ID token, where both have one.
     *
     * @throws ProviderException when they name two users
     */
    public static void checkSubject(Provider provider, JsonObject claims, Account account) {
        if (namesAccounts(provider) && !account.id().equals(SUBJECT.scalar(claims))) {
            throw new ProviderException(
                    FailureKind.MALFORMED, "the account endpoint speaks of another user than the ID token");
        }
    }

    /** Whether an ID token names an account as the account endpoint does, and so can replace it. */
    public static boolean namesAccounts(Provider provider) {
        return provider.account().id().equals(List.of(SUBJECT));
    }

    /**
     * What a signed token must match.
     *
     * @param issuer compared letter by letter, once the tenant is filled in
     * @param keys address of the provider's public keys; null when it has none
     * @param clientSecret null when the client has none
     * @param repeatsNonce whether a token without a nonce is refused when one was sent
     * @param nonce null when none was sent
     */
    record Expected(
            String issuer,
            String clientId,
            Set<String> algorithms,
            @Nullable URI keys,
            @Nullable Secret clientSecret,
            boolean repeatsNonce,
            @Nullable Predicate<Secret> nonce) {

        static Expected of(
                ClientRegistration client,
                String issuer,
                Set<String> algorithms,
                boolean repeatsNonce,
                @Nullable Predicate<Secret> nonce) {
            URI keys = client.provider().endpoints().jwks();
            return new Expected(
                    issuer, client.clientId(), algorithms, keys, client.clientSecret(), repeatsNonce, nonce);
        }
    }

    /** @throws ProviderException when a check fails */
    JsonObject claims(Secret idToken, Expected expected) {
        return check("the ID token", idToken, expected, claims -> {
            checkIssuer(claims, expected.issuer);
            checkAudience(claims, expected.clientId);
            checkEnd(claims);
            checkBeginning(claims);
            checkNonce(claims, expected);
            if (claims.getString("sub", "").isEmpty()) {
                throw new FailedCheck("sub is missing");
            }
        });
    }

    /**
     * Reads the claims of a UserInfo reply that is a JWT. It must be signed; issuer, audience and end are checked where
     * it names them.
     *
     * @throws ProviderException when a check fails
     */
    JsonObject userInfo(ClientRegistration client, Secret reply) {
        Provider.IdToken rules = client.provider().idToken();
        String issuer = client.provider().idTokenIssuer();
        var algorithms = new HashSet<>(Provider.IdToken.BY_KEY);
        if (rules != null) {
            algorithms.addAll(rules.algorithms());
        }
        Expected expected = Expected.of(client, String.valueOf(issuer), algorithms, false, null);
        return check("the account endpoint's reply", reply, expected, claims -> {
            if (claims.containsKey("iss") && issuer != null) {
                checkIssuer(claims, issuer);
            }
            if (claims.containsKey("aud")) {
                checkAudience(claims, client.clientId());
            }
            if (claims.containsKey("exp")) {
                checkEnd(claims);
            }
        });
    }

    /** Audiences of an access token, unchecked; empty when it names none, or is no JWT. */
    static List<String> audience(Secret token) {
        try {
            return JWTParser.parse(token.value()).getJWTClaimsSet().getAudience();
        } catch (ParseException | RuntimeException e) {
            return List.of(); // access tokens are opaque to clients, and this one is
        }
    }

    private JsonObject check(String what, Secret token, Expected expected, Consumer<JsonObject> checks) {
        try {
            SignedJWT signed = parse(token);
            checkSignature(signed, expected);
            JsonObject claims = object(signed.getPayload().toString());
            checks.accept(claims);
            return claims;
        } catch (FailedCheck e) {
            throw new ProviderException(FailureKind.MALFORMED, what + " cannot be believed: " + e.getMessage());
        }
    }

    private static SignedJWT parse(Secret token) {
        try {
            JWT parsed = JWTParser.parse(token.value());
            if (parsed instanceof SignedJWT signed) {
                return signed;
            }
            throw new FailedCheck(
                    parsed instanceof EncryptedJWT
                            ? "it is encrypted, which is not supported: register the client for signed tokens without"
                                    + " encryption"
                            : "it is not signed");
        } catch (ParseException e) {
            // The message may quote the token.
            throw new FailedCheck("it is no JWT");
        }
    }

    private void checkSignature(SignedJWT signed, Expected expected) {
        JWSHeader header = signed.getHeader();
        String algorithm = header.getAlgorithm().getName();
        if (!expected.algorithms.contains(algorithm)) {
            throw new FailedCheck("it is signed in a way that this provider does not use");
        }
        boolean fits = BY_SECRET.contains(algorithm)
                ? expected.clientSecret != null && fits(signed, expected.clientSecret)
                : expected.keys != null && fits(signed, expected.keys);
        if (!fits) {
            throw new FailedCheck("its signature does not fit any key");
        }
    }

    private static boolean fits(SignedJWT signed, Secret secret) {
        try {
            return signed.verify(new MACVerifier(secret.value().getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            // A secret that is shorter than the hash, which RFC 7518 section 3.2 forbids.
            throw new FailedCheck("the client secret cannot be the key of its signature");
        }
    }

    /** Tries fresh keys once, since providers change their keys, some of them under the same name. */
    private boolean fits(SignedJWT signed, URI keys) {
        JWKSet known = keySets.at(keys);
        return Signatures.fit(signed, known)
                || keySets.newerThan(known, keys)
                        .filter(fresh -> Signatures.fit(signed, fresh))
                        .isPresent();
    }

    private static void checkIssuer(JsonObject claims, String expected) {
        String issuer = expected;
        if (expected.contains(TENANT)) {
            String tenant = claims.getString("tid", "");
            if (!TENANT_ID.matcher(tenant).matches()) {
                throw new FailedCheck("tid is not a tenant");
            }
            issuer = expected.replace(TENANT, tenant);
        }
        if (!claims.getString("iss", "").equals(issuer)) {
            throw new FailedCheck("iss is another server's");
        }
    }

    private static void checkAudience(JsonObject claims, String clientId) {
        JsonValue audience = claims.getOrDefault("aud", JsonValue.NULL);
        List<JsonValue> all =
                audience.getValueType() == JsonValue.ValueType.ARRAY ? audience.asJsonArray() : List.of(audience);
        if (!all.contains(Json.createValue(clientId))) {
            throw new FailedCheck("aud is not this client");
        }
        // A token of several audiences names its client, and a client that is named must be this one.
        boolean named = claims.containsKey("azp");
        if ((named || all.size() > 1) && !claims.getString("azp", "").equals(clientId)) {
            throw new FailedCheck("azp is not this client");
        }
    }

    private void checkEnd(JsonObject claims) {
        if (seconds(claims, "exp").compareTo(now(skew().negated())) <= 0) {
            throw new FailedCheck("it has expired");
        }
    }

    private void checkBeginning(JsonObject claims) {
        BigDecimal latest = now(skew());
        if (seconds(claims, "iat").compareTo(latest) > 0) {
            throw new FailedCheck("it was issued in the future");
        }
        if (claims.containsKey("nbf") && seconds(claims, "nbf").compareTo(latest) > 0) {
            throw new FailedCheck("it is not valid yet");
        }
    }

    private Duration skew() {
        return settings.provider().clockSkew();
    }

    private BigDecimal now(Duration later) {
        return BigDecimal.valueOf(clock.instant().plus(later).getEpochSecond());
    }

    private static BigDecimal seconds(JsonObject claims, String name) {
        if (claims.get(name) instanceof JsonNumber number) {
            return number.bigDecimalValue();
        }
        throw new FailedCheck(name + " is no time");
    }

    private static void checkNonce(JsonObject claims, Expected expected) {
        Predicate<Secret> nonce = expected.nonce;
        if (nonce == null || (!expected.repeatsNonce && !claims.containsKey("nonce"))) {
            return;
        }
        String repeated = claims.getString("nonce", "");
        if (repeated.isEmpty() || !nonce.test(new Secret(repeated))) {
            throw new FailedCheck("nonce is not the one of this attempt");
        }
    }

    private static JsonObject object(String payload) {
        try {
            return Json.readObject(payload);
        } catch (RuntimeException e) {
            // Parsers report their limits by exceptions of any type, and their messages may quote the text.
            throw new FailedCheck("its claims are no JSON object");
        }
    }

    /** Why a token is refused; the caller adds which token it is. */
    private static final class FailedCheck extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FailedCheck(String why) {
            super(why);
        }
    }
}
