package dev.grantbook.provider;

import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service that grants OAuth access, as its descriptor in the catalogue says.
 *
 * @param id the descriptor's name: {@code mixin}
 * @param name what people call it: {@code Mixin Messenger}
 * @param always scopes that every request holds, since the provider demands them
 * @param catalogue what each scope lets the bot do, in the user's words
 */
public record Provider(
        String id,
        String name,
        Endpoints endpoints,
        Authorization authorization,
        Token token,
        Account account,
        Scopes always,
        Map<String, ScopeText> catalogue) {

    /**
     * Where the provider listens. A null in a descriptor means that the connector must say it, or, after that, that the
     * provider has no such end point.
     *
     * @param account answers who the token belongs to
     * @param revocation RFC 7009
     */
    public record Endpoints(
            @Nullable URI authorization,
            @Nullable URI token,
            @Nullable URI account,
            @Nullable URI revocation) {

        static Endpoints from(JsonObject json) {
            return new Endpoints(
                    uri(json, "authorization"), uri(json, "token"), uri(json, "account"), uri(json, "revocation"));
        }

        /** These end points with those of a connector laid over them. */
        public Endpoints with(JsonObject overrides) {
            Endpoints over = from(overrides);
            return new Endpoints(
                    over.authorization == null ? authorization : over.authorization,
                    over.token == null ? token : over.token,
                    over.account == null ? account : over.account,
                    over.revocation == null ? revocation : over.revocation);
        }

        private static @Nullable URI uri(JsonObject json, String name) {
            return json.containsKey(name) ? URI.create(json.getString(name)) : null;
        }
    }

    /**
     * The dialect of the authorization request.
     *
     * @param scopeSeparator between the scopes of a request
     * @param sendsRedirectUri whether the request names the redirect URI; some providers only know the registered one
     * @param sendsReturnTo whether the provider carries a {@code return_to} through to the callback
     * @param challengeName what the challenge method is called on the wire
     */
    public record Authorization(
            String scopeSeparator,
            boolean sendsRedirectUri,
            boolean sendsReturnTo,
            ChallengeMethod challenge,
            String challengeName) {}

    /**
     * The dialect of the token end point.
     *
     * @param sendsGrantType whether {@code grant_type} and {@code redirect_uri} go along
     * @param envelope where the reply proper is inside the body (RFC 6901); empty for the body itself
     */
    public record Token(
            BodyFormat body,
            ClientAuthentication authentication,
            boolean sendsGrantType,
            FailureShape failure,
            String envelope) {}

    /** Where the account's id and name are inside the reply of the account end point (RFC 6901). */
    public record Account(String id, String name) {}

    /** What a scope is called and what it lets the bot do. */
    public record ScopeText(Words name, Words description) {}

    /** Reads a descriptor that the schema has passed. */
    static Provider from(JsonObject json) {
        JsonObject authorization = json.getJsonObject("authorization");
        JsonObject token = json.getJsonObject("token");
        JsonObject account = json.getJsonObject("account");
        var catalogue = new LinkedHashMap<String, ScopeText>();
        json.getJsonObject("scopes").forEach((scope, texts) -> {
            JsonObject object = texts.asJsonObject();
            catalogue.put(
                    scope,
                    new ScopeText(Words.from(object.get("name"), scope), Words.from(object.get("description"), scope)));
        });
        return new Provider(
                json.getString("id"),
                json.getString("name"),
                Endpoints.from(json.getJsonObject("endpoints")),
                new Authorization(
                        authorization.getString("scope-separator", " "),
                        authorization.getBoolean("redirect-uri", true),
                        authorization.getBoolean("return-to", false),
                        trait(ChallengeMethod.class, authorization.getString("challenge", "S256")),
                        authorization.getString("challenge-name", "S256")),
                new Token(
                        trait(BodyFormat.class, token.getString("body", "form")),
                        trait(ClientAuthentication.class, token.getString("client-authentication", "basic")),
                        token.getBoolean("grant-type", true),
                        trait(FailureShape.class, token.getString("failure", "http-status")),
                        token.getString("envelope", "")),
                new Account(account.getString("id"), account.getString("name")),
                scopes(json.get("always")),
                catalogue);
    }

    /** This provider with some end points elsewhere: a mirror, the sandbox, a company's own server. */
    public Provider with(Endpoints elsewhere) {
        return new Provider(id, name, elsewhere, authorization, token, account, always, catalogue);
    }

    /** What people read for a scope; its own name where the catalogue does not know it. */
    public String nameOf(String scope, Locale locale) {
        return Optional.ofNullable(catalogue.get(scope))
                .map(text -> text.name().in(locale))
                .orElse(scope);
    }

    public String descriptionOf(String scope, Locale locale) {
        return Optional.ofNullable(catalogue.get(scope))
                .map(text -> text.description().in(locale))
                .orElse("");
    }

    private static <E extends Enum<E>> E trait(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Scopes scopes(@Nullable JsonValue list) {
        return list == null
                ? Scopes.NONE
                : Scopes.of(list.asJsonArray().getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList());
    }
}
