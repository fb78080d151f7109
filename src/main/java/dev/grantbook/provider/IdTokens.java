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
import dev.grantbook.provider.http.ProviderHttp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Believes an ID token only after every check of OpenID Connect Core 1.0 section 3.1.3.7. */
@ApplicationScoped
public class IdTokens {

    /** Stands for the claim {@code tid} in the issuer of a provider that has one for each of its customers. */
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
     * The claims of the ID token that came with a token.
     *
     * @param nonce tells whether a nonce is that of the request; null when none was sent
     * @return empty when there is none, and none was to come
     * @throws ProviderException when it must not be believed
     */
    public Optional<JsonObject> claims(
            ClientRegistration client, TokenResponse token, @Nullable Predicate<Secret> nonce) {
        Provider provider = client.provider();
        Provider.IdToken demanded = provider.idToken();
        if (demanded == null || (token.idToken() == null && !demanded.required())) {
            return Optional.empty();
        }
        if (token.idToken() == null) {
            throw new ProviderException(FailureKind.MALFORMED, "the token endpoint's reply has no id_token");
        }
        String issuer = provider.issuer() == null ? demanded.issuer() : provider.issuer();
        if (issuer == null) {
            throw new ConfigurationException("the connector must name the issuer, since ID tokens come from there");
        }
        return Optional.of(claims(
                token.idToken(),
                new Expected(
                        issuer,
                        client.clientId(),
                        demanded.algorithms(),
                        provider.endpoints().jwks(),
                        client.clientSecret(),
                        demanded.nonce(),
                        nonce)));
    }

    /**
     * Compares what the account endpoint says with a believed ID token (OpenID Connect Core 1.0 section 5.3.2), where
     * both speak of {@code sub}.
     *
     * @throws ProviderException when they speak of two users
     */
    public static void checkSubject(Provider provider, JsonObject claims, Account account) {
        if (namesAccounts(provider) && !account.id().equals(SUBJECT.scalar(claims))) {
            throw new ProviderException(
                    FailureKind.MALFORMED, "the account endpoint speaks of another user than the ID token");
        }
    }

    /**
     * Whether an ID token names an account as the account endpoint does, so that the one can stand in for the other.
     */
    public static boolean namesAccounts(Provider provider) {
        return provider.account().id().equals(List.of(SUBJECT));
    }

    /** The account that the claims of a believed ID token name. */
    public static Account account(Provider provider, JsonObject claims) {
        return ProviderHttp.account(provider, claims);
    }

    /**
     * What an ID token must fit.
     *
     * @param issuer compared letter by letter, once the tenant is filled in
     * @param keys where the provider's public keys are; null when it has none
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
            @Nullable Predicate<Secret> nonce) {}

    /**
     * The claims of an ID token.
     *
     * @throws ProviderException when it must not be believed
     */
    JsonObject claims(Secret idToken, Expected expected) {
        try {
            JsonObject claims = verifySignature(idToken, expected);
            checkIssuer(claims, expected.issuer);
            checkAudience(claims, expected.clientId);
            checkTimes(claims);
            checkNonce(claims, expected);
            if (text(claims, "sub").isEmpty()) {
                throw refuse("sub is missing");
            }
            return claims;
        } catch (Unbelieved e) {
            throw new ProviderException(FailureKind.MALFORMED, "the ID token cannot be believed: " + e.getMessage());
        }
    }

    /**
     * The claims of a UserInfo reply that is a JWT (OpenID Connect Core 1.0 section 5.3.2). It must be signed, and
     * where it names an issuer, an audience or an end, these must fit.
     *
     * @throws ProviderException when it must not be believed
     */
    JsonObject userInfo(ClientRegistration client, Secret reply) {
        Provider provider = client.provider();
        Provider.IdToken declared = provider.idToken();
        String issuer = provider.issuer() == null && declared != null ? declared.issuer() : provider.issuer();
        var algorithms = new HashSet<>(Provider.IdToken.BY_KEY);
        if (declared != null) {
            algorithms.addAll(declared.algorithms());
        }
        var expected = new Expected(
                String.valueOf(issuer),
                client.clientId(),
                algorithms,
                provider.endpoints().jwks(),
                client.clientSecret(),
                false,
                null);
        try {
            JsonObject claims = verifySignature(reply, expected);
            if (claims.containsKey("iss") && issuer != null) {
                checkIssuer(claims, issuer);
            }
            if (claims.containsKey("aud")) {
                checkAudience(claims, client.clientId());
            }
            if (claims.containsKey("exp")) {
                checkEnd(claims);
            }
            return claims;
        } catch (Unbelieved e) {
            throw new ProviderException(
                    FailureKind.MALFORMED, "the account endpoint's reply cannot be believed: " + e.getMessage());
        }
    }

    /** Whom a token says that it is for, unchecked; empty when it says nothing, or is no JWT that can be read. */
    static List<String> audience(Secret token) {
        try {
            return JWTParser.parse(token.value()).getJWTClaimsSet().getAudience();
        } catch (ParseException | RuntimeException e) {
            return List.of(); // access tokens are opaque to clients, and this one is
        }
    }

    private JsonObject verifySignature(Secret token, Expected expected) {
        SignedJWT signed = parse(token);
        checkSignature(signed, expected);
        return object(signed.getPayload().toString());
    }

    private static SignedJWT parse(Secret token) {
        try {
            JWT parsed = JWTParser.parse(token.value());
            if (parsed instanceof SignedJWT signed) {
                return signed;
            }
            throw refuse(
                    parsed instanceof EncryptedJWT
                            ? "it is encrypted, which is not supported: register the client for signed tokens without"
                                    + " encryption"
                            : "it is not signed");
        } catch (ParseException e) {
            // The message may quote the token.
            throw refuse("it is no JWT");
        }
    }

    private void checkSignature(SignedJWT signed, Expected expected) {
        JWSHeader header = signed.getHeader();
        String algorithm = header.getAlgorithm().getName();
        if (!expected.algorithms.contains(algorithm)) {
            throw refuse("it is signed in a way that this provider does not use");
        }
        boolean fits = BY_SECRET.contains(algorithm)
                ? expected.clientSecret != null && fits(signed, expected.clientSecret)
                : expected.keys != null && fits(signed, expected.keys);
        if (!fits) {
            throw refuse("its signature does not fit any key");
        }
    }

    private static boolean fits(SignedJWT signed, Secret secret) {
        try {
            return signed.verify(new MACVerifier(secret.value().getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            // A secret that is shorter than the hash, which RFC 7518 section 3.2 forbids.
            throw refuse("the client secret cannot be the key of its signature");
        }
    }

    /**
     * Providers change their keys, some of them under the same name: what does not fit is tried with fresh keys once.
     */
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
            String tenant = text(claims, "tid");
            if (!TENANT_ID.matcher(tenant).matches()) {
                throw refuse("tid is not a tenant");
            }
            issuer = expected.replace(TENANT, tenant);
        }
        if (!text(claims, "iss").equals(issuer)) {
            throw refuse("iss is another server's");
        }
    }

    private static void checkAudience(JsonObject claims, String clientId) {
        JsonValue audience = claims.getOrDefault("aud", JsonValue.NULL);
        List<JsonValue> all =
                audience.getValueType() == JsonValue.ValueType.ARRAY ? audience.asJsonArray() : List.of(audience);
        if (!all.contains(Json.createValue(clientId))) {
            throw refuse("aud is not this client");
        }
        // A token of several audiences names its client, and a client that is named must be this one.
        boolean named = claims.containsKey("azp");
        if ((named || all.size() > 1) && !text(claims, "azp").equals(clientId)) {
            throw refuse("azp is not this client");
        }
    }

    private void checkEnd(JsonObject claims) {
        if (seconds(claims, "exp").compareTo(now().subtract(skew())) <= 0) {
            throw refuse("it has expired");
        }
    }

    private BigDecimal now() {
        return BigDecimal.valueOf(clock.instant().getEpochSecond());
    }

    private BigDecimal skew() {
        return BigDecimal.valueOf(settings.provider().clockSkew().toSeconds());
    }

    private void checkTimes(JsonObject claims) {
        BigDecimal now = now();
        BigDecimal skew = skew();
        checkEnd(claims);
        if (seconds(claims, "iat").compareTo(now.add(skew)) > 0) {
            throw refuse("it was issued in the future");
        }
        if (claims.containsKey("nbf") && seconds(claims, "nbf").compareTo(now.add(skew)) > 0) {
            throw refuse("it is not valid yet");
        }
    }

    private static BigDecimal seconds(JsonObject claims, String name) {
        if (claims.get(name) instanceof JsonNumber number) {
            return number.bigDecimalValue();
        }
        throw refuse(name + " is no time");
    }

    private static void checkNonce(JsonObject claims, Expected expected) {
        Predicate<Secret> nonce = expected.nonce;
        if (nonce == null || (!expected.repeatsNonce && !claims.containsKey("nonce"))) {
            return;
        }
        String repeated = text(claims, "nonce");
        if (repeated.isEmpty() || !nonce.test(new Secret(repeated))) {
            throw refuse("nonce is not the one of this attempt");
        }
    }

    /** The same reader for every check, so that no two can disagree. */
    private static JsonObject object(String payload) {
        try (var reader = Json.createReader(new StringReader(payload))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Parsers tell their limits by exceptions of any type, and their messages may quote the text.
            throw refuse("its claims are no JSON object");
        }
    }

    private static String text(JsonObject claims, String name) {
        return claims.get(name) instanceof JsonString text ? text.getString() : "";
    }

    /** Why a token is not believed; the caller adds which token it is. */
    private static final class Unbelieved extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unbelieved(String why) {
            super(why);
        }
    }

    private static Unbelieved refuse(String why) {
        return new Unbelieved(why);
    }
}
