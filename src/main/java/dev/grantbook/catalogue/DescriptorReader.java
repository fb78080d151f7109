package dev.grantbook.catalogue;

import static dev.grantbook.platform.json.JsonMembers.constant;
import static dev.grantbook.platform.json.JsonMembers.object;
import static dev.grantbook.platform.json.JsonMembers.objects;
import static dev.grantbook.platform.json.JsonMembers.texts;
import static dev.grantbook.platform.json.JsonMembers.textsByName;

import dev.grantbook.catalogue.Provider.IdToken;
import dev.grantbook.catalogue.Provider.NoticeDialect;
import dev.grantbook.catalogue.Provider.ProviderTokenList;
import dev.grantbook.catalogue.ScopeCatalogue.ScopeText;
import dev.grantbook.catalogue.account.AccountMapping;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.account.AccountProof;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.AuthorizationDialect;
import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ChallengeMethod;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.FailureShape;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.catalogue.dialect.ScopeDialect;
import dev.grantbook.catalogue.dialect.ScopeDialect.Permissions;
import dev.grantbook.catalogue.dialect.ScopeSource;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.catalogue.dialect.WebhookSignature;
import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a descriptor that has passed the schema, and fills in what it leaves out. */
final class DescriptorReader {

    private DescriptorReader() {}

    static Provider read(JsonObject json) {
        AuthorizationDialect authorization = authorization(json.getJsonObject("authorization"));
        TokenDialect token = token(json.getJsonObject("token"), authorization.scopeSeparator());
        return new Provider(
                json.getString("id"),
                json.getString("name"),
                json.getBoolean("discovery", false),
                null,
                false,
                Endpoints.of(textsByName(json, "endpoints"), texts(json, "api")),
                authorization,
                token,
                token.presentations().get(0),
                accountMapping(json.getJsonObject("account")),
                json.containsKey("id-token") ? idToken(json.getJsonObject("id-token")) : null,
                constant(json, "account-proof", AccountProof.class),
                scopeDialect(json),
                revocation(object(json, "revocation")),
                probe(object(json, "probe")),
                objects(json, "failures").stream().map(DescriptorReader::rule).toList(),
                json.containsKey("secondary-tokens") ? providerTokens(json.getJsonObject("secondary-tokens")) : null,
                notices(object(json, "notices")),
                ProxyRules.from(object(json, "proxy")),
                texts(json, "quirks"),
                catalogue(json),
                AccountSettings.from(json.getJsonObject("settings")));
    }

    private static AuthorizationDialect authorization(JsonObject json) {
        var withScope = new LinkedHashMap<String, Map<String, String>>();
        JsonObject byScope = object(json, "with-scope");
        byScope.keySet().forEach(scope -> withScope.put(scope, textsByName(byScope, scope)));
        return new AuthorizationDialect(
                json.getString("scope-separator", " "),
                scopesIn(json),
                json.getString("instead-of-scope", null),
                textsByName(json, "parameters"),
                textsByName(json, "again"),
                withScope,
                json.getBoolean("redirect-uri", true),
                json.getBoolean("return-to", false),
                constant(json, "challenge", ChallengeMethod.S256),
                json.getString("challenge-name", "S256"),
                Set.copyOf(texts(json, "refusals")));
    }

    private static Map<String, String> scopesIn(JsonObject authorization) {
        if (!authorization.containsKey("scope-parameters")) {
            return Map.of("", "scope");
        }
        var scopesIn = new LinkedHashMap<String, String>();
        objects(authorization, "scope-parameters")
                .forEach(parameter -> scopesIn.put(parameter.getString("prefix", ""), parameter.getString("name")));
        return scopesIn;
    }

    private static TokenDialect token(JsonObject json, String separator) {
        List<TokenPart> parts = objects(json, "parts").stream()
                .map(part -> new TokenPart(
                        pointer(part, "at"),
                        part.getString("prefix", ""),
                        part.getString("kind", ""),
                        pointer(part, "id")))
                .toList();
        List<Presentation> presentations = texts(json, "presentations").stream()
                .map(text -> constant(Presentation.class, text))
                .toList();
        return new TokenDialect(
                constant(json, "body", BodyFormat.FORM),
                constant(json, "client-authentication", ClientAuthentication.BASIC),
                json.getBoolean("client-id", false),
                "token-endpoint".equals(json.getString("assertion-audience", "issuer")),
                json.getBoolean("grant-type", true),
                constant(json, "failure", FailureShape.HTTP_STATUS),
                pointer(json, "envelope"),
                json.getString("scope-separator", separator),
                parts.isEmpty() ? List.of(TokenPart.WHOLE) : parts,
                json.containsKey("lifetime") ? Duration.parse(json.getString("lifetime")) : null,
                presentations.isEmpty() ? List.of(Presentation.BEARER) : presentations);
    }

    private static AccountMapping accountMapping(JsonObject json) {
        List<String> id = json.get("id") instanceof JsonArray ? texts(json, "id") : List.of(json.getString("id"));
        JsonObject installation = object(json, "installation");
        return new AccountMapping(
                constant(json, "from", AccountSource.ENDPOINT),
                id.stream().map(Pointer::new).toList(),
                pointer(json, "name"),
                optionalPointer(installation, "id"),
                optionalPointer(installation, "name"));
    }

    private static IdToken idToken(JsonObject json) {
        return new IdToken(
                json.getString("issuer", null),
                json.getBoolean("required", false),
                json.getBoolean("nonce", true),
                json.containsKey("algorithms") ? Set.copyOf(texts(json, "algorithms")) : IdToken.BY_KEY);
    }

    private static ScopeDialect scopeDialect(JsonObject json) {
        var implied = new LinkedHashMap<String, List<String>>();
        JsonObject byScope = object(json, "implied");
        byScope.keySet().forEach(scope -> implied.put(scope, texts(byScope, scope)));
        JsonObject permissions = object(json, "permissions");
        return new ScopeDialect(
                constant(json, "scopes-from", ScopeSource.TOKEN_REPLY),
                textsByName(json, "aliases"),
                implied,
                Scopes.of(texts(json, "silent")),
                permissions.isEmpty()
                        ? null
                        : new Permissions(
                                pointer(permissions, "list"),
                                pointer(permissions, "scope"),
                                pointer(permissions, "status"),
                                permissions.getString("granted")));
    }

    private static RevocationMethod revocation(JsonObject json) {
        return new RevocationMethod(
                "bearer".equals(json.getString("authentication", "client")),
                constant(json, "client-authentication", ClientAuthentication.class),
                json.getString("method", "POST"),
                constant(json, "body", BodyFormat.FORM),
                json.getString("parameter", "token"),
                // A token that lives on unused does no harm; one that is needed and dead does.
                constant(json, "ends", RevocationMethod.Ends.ACCOUNT),
                json.getBoolean("secondary-tokens", false));
    }

    private static ProbeMethod probe(JsonObject json) {
        return new ProbeMethod(
                constant(json, "how", ProbeMethod.How.ACCOUNT),
                json.getString("parameter", "token"),
                json.getBoolean("app-token", false),
                optionalPointer(json, "client-id"),
                optionalPointer(json, "valid"),
                optionalPointer(json, "scopes"));
    }

    private static ApiFailure.Rule rule(JsonObject json) {
        return new ApiFailure.Rule(
                json.containsKey("status") ? json.getInt("status") : null,
                optionalPointer(json, "at"),
                json.getOrDefault("in", JsonValue.EMPTY_JSON_ARRAY).asJsonArray().stream()
                        .map(Pointer::scalar)
                        .map(String::valueOf)
                        .collect(Collectors.toUnmodifiableSet()),
                json.getInt("from", Integer.MIN_VALUE),
                json.getInt("to", Integer.MAX_VALUE),
                constant(ApiFailure.Meaning.class, json.getString("means")),
                optionalPointer(json, "scopes"));
    }

    private static ProviderTokenList providerTokens(JsonObject json) {
        return new ProviderTokenList(
                json.getString("kind"),
                pointer(json, "list"),
                pointer(json, "id"),
                pointer(json, "name"),
                pointer(json, "token"),
                // A page without this pointer is the only one.
                new Pointer(json.getString("next", "/next-page")));
    }

    private static NoticeDialect notices(JsonObject json) {
        return new NoticeDialect(
                constant(json, "webhook", WebhookSignature.NONE), json.getBoolean("signed-request", false));
    }

    private static ScopeCatalogue catalogue(JsonObject json) {
        var texts = new LinkedHashMap<String, ScopeText>();
        json.getJsonObject("scopes").forEach((scope, value) -> {
            JsonObject text = value.asJsonObject();
            texts.put(
                    scope,
                    new ScopeText(
                            LocalizedText.from(text.get("name"), scope),
                            LocalizedText.from(text.get("description"), scope),
                            constant(text, "choice", ConsentChoice.class)));
        });
        return new ScopeCatalogue(
                Scopes.of(texts(json, "always")), constant(json, "choice", ConsentChoice.VARIES), texts);
    }

    private static Pointer pointer(JsonObject json, String name) {
        return new Pointer(json.getString(name, ""));
    }

    private static @Nullable Pointer optionalPointer(JsonObject json, String name) {
        return json.containsKey(name) ? pointer(json, name) : null;
    }
}
