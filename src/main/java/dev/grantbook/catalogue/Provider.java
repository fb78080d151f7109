package dev.grantbook.catalogue;

import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.AccountProof;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.BearerChallenge;
import dev.grantbook.catalogue.dialect.BodyFormat;
import dev.grantbook.catalogue.dialect.ChallengeMethod;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.EndNotice;
import dev.grantbook.catalogue.dialect.FailureShape;
import dev.grantbook.catalogue.dialect.Pointer;
import dev.grantbook.catalogue.dialect.ProbeMethod;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.catalogue.dialect.ScopeDialect;
import dev.grantbook.catalogue.dialect.ScopeSource;
import dev.grantbook.catalogue.dialect.WebhookSignature;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service that grants OAuth access, as its descriptor in the catalogue says; {@code docs/descriptors.md} explains
 * each key.
 *
 * @param id the descriptor's name: {@code mixin}
 * @param name what people call it: {@code Mixin Messenger}
 * @param discovery whether a connector may name an issuer only, and the endpoints are read from there
 * @param issuer the server's identifier (RFC 8414 section 2), as the connector names it; null when it names none
 * @param issuerPromised whether every callback names the issuer (RFC 9207)
 * @param idToken what is demanded of ID tokens; null when the provider sends none
 * @param accountProof how it proves to a web page whose account it is; null when it does not
 * @param scopeDialect how to read what it reports as granted
 * @param permissions where the list of granted scopes has what; null unless that list is asked for
 * @param failures what refusals of its API mean
 * @param providerTokens where the list of secondary tokens has what; null when there is none
 * @param notices what it tells us without being asked
 * @param proxy where its API tells tokens
 * @param quirks names of behaviours that data cannot say
 * @param always scopes that every request holds, since the provider demands them
 * @param choice what its consent page lets the user leave out
 * @param settings where its users end what they allowed; null when that is not known
 * @param catalogue what each scope lets the bot do, in the user's words
 */
public record Provider(
        String id,
        String name,
        boolean discovery,
        @Nullable String issuer,
        boolean issuerPromised,
        Endpoints endpoints,
        Authorization authorization,
        Token token,
        AccountMapping account,
        @Nullable IdToken idToken,
        @Nullable AccountProof accountProof,
        ScopeDialect scopeDialect,
        @Nullable Permissions permissions,
        RevocationMethod revocation,
        ProbeMethod probe,
        List<ApiFailure.Rule> failures,
        @Nullable ProviderTokenList providerTokens,
        NoticeDialect notices,
        ProxyRules proxy,
        List<String> quirks,
        Scopes always,
        ConsentChoice choice,
        @Nullable AccountSettings settings,
        Map<String, ScopeText> catalogue) {

    /**
     * The provider's endpoints. The connector adds those that differ from one server to another.
     *
     * @param byName in the descriptor's names
     * @param api what a user's token may be shown to on a bot's behalf: addresses, each with all that lies below
     */
    public record Endpoints(Map<String, URI> byName, List<URI> api) {

        static Endpoints from(JsonObject json, List<String> api) {
            var byName = new TreeMap<String, URI>();
            json.forEach((name, url) -> byName.put(name, URI.create(((JsonString) url).getString())));
            return new Endpoints(
                    Map.copyOf(byName), api.stream().map(URI::create).toList());
        }

        /**
         * These endpoints with others laid over them. Who has accounts elsewhere has the API elsewhere, too, and tokens
         * must not go to the usual one: it is then not known.
         */
        public Endpoints with(JsonObject overrides) {
            var all = new TreeMap<>(byName);
            all.putAll(from(overrides, List.of()).byName);
            URI usual = account();
            boolean elsewhere = usual != null
                    && !usual.resolve("/")
                            .equals(all.getOrDefault("account", usual).resolve("/"));
            return new Endpoints(Map.copyOf(all), elsewhere ? List.of() : api);
        }

        /** The same with another API, unless none is named. */
        public Endpoints withApi(List<String> addresses) {
            return addresses.isEmpty()
                    ? this
                    : new Endpoints(byName, addresses.stream().map(URI::create).toList());
        }

        /** These endpoints, and others for what is not there. */
        public Endpoints complete(Map<String, URI> others) {
            var all = new TreeMap<>(others);
            all.putAll(byName);
            return new Endpoints(Map.copyOf(all), api);
        }

        private Endpoints without(String name) {
            var left = new TreeMap<>(byName);
            left.remove(name);
            return new Endpoints(Map.copyOf(left), api);
        }

        /** These endpoints on another server, their paths as they are. */
        public Endpoints at(URI mirror) {
            var moved = new TreeMap<String, URI>();
            byName.forEach((name, url) -> {
                String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
                moved.put(name, URI.create(mirror + url.getRawPath() + query));
            });
            return new Endpoints(
                    Map.copyOf(moved),
                    api.stream()
                            .map(base -> URI.create(mirror + base.getRawPath()))
                            .distinct()
                            .toList());
        }

        /** Path and query of an address as the API sees them: behind its own address, where it lies below that. */
        public String apiPath(URI target) {
            String address = target.toString();
            return api.stream()
                    .map(URI::toString)
                    .filter(base -> address.startsWith(base + "/"))
                    .findFirst()
                    .map(base -> address.substring(base.length()))
                    .orElseGet(() ->
                            target.getRawPath() + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery()));
        }

        public @Nullable URI authorization() {
            return byName.get("authorization");
        }

        public @Nullable URI token() {
            return byName.get("token");
        }

        /** Answers who the token belongs to. */
        public @Nullable URI account() {
            return byName.get("account");
        }

        /** RFC 7009, or the provider's own. */
        public @Nullable URI revocation() {
            return byName.get("revocation");
        }

        /** Lists the granted scopes. */
        public @Nullable URI permissions() {
            return byName.get("permissions");
        }

        /** Lists things of the user's that have tokens of their own. */
        public @Nullable URI providerTokens() {
            return byName.get("secondary-tokens");
        }

        /** RFC 7662. */
        public @Nullable URI introspection() {
            return byName.get("introspection");
        }

        /** Takes a token as a parameter and says what it is. */
        public @Nullable URI verification() {
            return byName.get("verification");
        }

        /** RFC 9126. */
        public @Nullable URI pushedAuthorization() {
            return byName.get("pushed-authorization");
        }

        /** The keys that sign ID tokens (RFC 7517). */
        public @Nullable URI jwks() {
            return byName.get("jwks");
        }
    }

    /**
     * The dialect of the authorization request.
     *
     * @param scopeSeparator between the scopes of a request
     * @param scopesIn which parameters carry scopes, by the prefix of those scopes; empty when none does
     * @param insteadOfScope a parameter that takes the place of scopes when a connector sets it; null for none
     * @param parameters constant extra parameters
     * @param again extra parameters when the user is asked once more
     * @param withScope extra parameters of requests that hold a scope, by that scope
     * @param sendsRedirectUri whether the request names the redirect URI; some providers only know the registered one
     * @param sendsReturnTo whether the provider carries a {@code return_to} through to the callback
     * @param challengeName what the challenge method is called on the wire
     * @param refusals errors of the response that mean the user's refusal, beside those of RFC 6749 and OpenID Connect
     */
    public record Authorization(
            String scopeSeparator,
            Map<String, String> scopesIn,
            @Nullable String insteadOfScope,
            Map<String, String> parameters,
            Map<String, String> again,
            Map<String, Map<String, String>> withScope,
            boolean sendsRedirectUri,
            boolean sendsReturnTo,
            ChallengeMethod challenge,
            String challengeName,
            Set<String> refusals) {

        /** Whether the user or the provider refused, as against a fault in the request. */
        public boolean isRefusal(OAuthError error) {
            return error.isRefusal() || refusals.contains(error.code());
        }

        /** The extra parameters that these scopes need. */
        public Map<String, String> withScopes(Scopes scopes) {
            var parameters = new LinkedHashMap<String, String>();
            for (String scope : scopes) {
                parameters.putAll(withScope.getOrDefault(scope, Map.of()));
            }
            return parameters;
        }

        /**
         * Each scope goes into the parameter with the longest prefix that it has; a parameter without scopes is left
         * out.
         */
        public Map<String, String> scopeParameters(Scopes scopes) {
            var byParameter = new LinkedHashMap<String, List<String>>();
            for (String scope : scopes) {
                scopesIn.keySet().stream()
                        .filter(scope::startsWith)
                        .max((one, other) -> Integer.compare(one.length(), other.length()))
                        .ifPresent(prefix -> byParameter
                                .computeIfAbsent(String.valueOf(scopesIn.get(prefix)), name -> new ArrayList<>())
                                .add(scope.substring(prefix.length())));
            }
            var parameters = new LinkedHashMap<String, String>();
            byParameter.forEach((name, tokens) -> parameters.put(name, String.join(scopeSeparator, tokens)));
            return parameters;
        }
    }

    /**
     * The dialect of the token endpoint.
     *
     * @param sendsClientId whether the client id goes along beside HTTP Basic
     * @param assertsToEndpoint whether a client with a key signs for the token endpoint instead of the issuer
     * @param sendsGrantType whether {@code grant_type} and {@code redirect_uri} go along
     * @param envelope where the reply proper is inside the body
     * @param scopeSeparator between the scopes of the reply
     * @param parts where tokens and scopes are in the reply proper; the first one with a token gives the grant's token
     * @param lifetime how long a token lives when its reply does not say; null when it may live for ever
     * @param presentations how a grant can be presented; a connector chooses
     * @param presentation how the grants of this connector are presented
     */
    public record Token(
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
            List<Presentation> presentations,
            Presentation presentation) {

        Token withPresentation(Presentation chosen) {
            return new Token(
                    body,
                    authentication,
                    sendsClientId,
                    assertsToEndpoint,
                    sendsGrantType,
                    failure,
                    envelope,
                    scopeSeparator,
                    parts,
                    lifetime,
                    presentations,
                    chosen);
        }

        /**
         * The part that a grant's own token came from. Replies to refreshes do not say it.
         *
         * @param granted the grant's scopes
         * @param held the kinds of what came beside the grant's own token
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

        /** Those of some scopes that are a part's: of several prefixes that fit, the longest counts. */
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

    /**
     * What a token may do after a refresh. A refresh speaks of its own part alone; what it does not speak of stays.
     *
     * @param part whose refresh token was used
     * @param reported as the reply names them, with the part's prefix; null when it names none
     * @param known what was granted until now
     */
    public Scopes readGranted(TokenPart part, @Nullable Scopes reported, Scopes known) {
        Scopes own = token.scopesOf(part, known);
        return known.minus(own).plus(scopeDialect.readGranted(reported, own));
    }

    /**
     * A place in a token reply that has a token, and its scopes.
     *
     * @param prefix put before the scopes that are named there
     * @param kind what the token belongs to when an earlier part has one too; empty for the grant's own
     * @param id where, from this place, the id of that is
     */
    public record TokenPart(Pointer at, String prefix, String kind, Pointer id) {

        public static final TokenPart WHOLE = new TokenPart(Pointer.WHOLE, "", "", Pointer.WHOLE);
    }

    /** What tells whose a token is. */
    public enum AccountSource {
        ENDPOINT,
        TOKEN_REPLY,
        ID_TOKEN
    }

    /**
     * How to find out whose a token is.
     *
     * @param id joined by slashes when there are several
     * @param installationId what counts as one installation of the bot; null when that is the account
     */
    public record AccountMapping(
            AccountSource from,
            List<Pointer> id,
            Pointer name,
            @Nullable Pointer installationId,
            @Nullable Pointer installationName) {

        /**
         * Reads the account.
         *
         * @param reply token reply, reply of the account endpoint, or claims
         * @return empty when the reply names no account that can be stored
         */
        public Optional<Account> read(JsonObject reply) {
            Account.InstalledAt installation = installationId == null
                    ? null
                    : id(List.of(installationId), reply)
                            .map(found -> new Account.InstalledAt(
                                    found,
                                    installationName == null ? null : Account.line(installationName.scalar(reply))))
                            .orElse(null);
            return id(id, reply).map(found -> new Account(found, Account.line(name.scalar(reply)), installation));
        }

        private static Optional<String> id(List<Pointer> pointers, JsonObject reply) {
            List<String> parts = pointers.stream()
                    .map(pointer -> Objects.requireNonNullElse(pointer.scalar(reply), ""))
                    .toList();
            return parts.contains("")
                    ? Optional.empty()
                    : Optional.of(String.join("/", parts)).filter(Account::isId);
        }
    }

    /**
     * What is demanded of ID tokens (OpenID Connect Core 1.0 section 3.1.3.7).
     *
     * @param issuer where the connector names none; may hold {@code {tenantid}}, for the claim {@code tid}; null for
     *     nowhere
     * @param required whether a token reply without one is refused
     * @param nonce whether it always repeats the request's nonce; otherwise only a wrong one is refused
     * @param algorithms how it may be signed; those with the client secret only where the descriptor names them
     */
    public record IdToken(@Nullable String issuer, boolean required, boolean nonce, Set<String> algorithms) {

        /** Algorithms with a key that only the provider has. */
        public static final Set<String> BY_KEY = Set.of(
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");

        /** Whether the provider's keys are needed to check one. */
        public boolean isSignedByKey() {
            return algorithms.stream().anyMatch(BY_KEY::contains);
        }

        static IdToken from(JsonObject json) {
            List<String> named = texts(array(json, "algorithms"));
            return new IdToken(
                    json.getString("issuer", null),
                    json.getBoolean("required", false),
                    json.getBoolean("nonce", true),
                    named.isEmpty() ? BY_KEY : Set.copyOf(named));
        }
    }

    /**
     * Where the reply of the permissions endpoint has what.
     *
     * @param granted the status of a scope that is granted
     */
    public record Permissions(Pointer list, Pointer scope, Pointer status, String granted) {}

    /**
     * Where the reply of the endpoint for secondary tokens has what.
     *
     * @param next where the address of the next page is; leads nowhere on the last one
     */
    public record ProviderTokenList(String kind, Pointer list, Pointer id, Pointer name, Pointer token, Pointer next) {}

    /**
     * What the provider tells us without being asked, at addresses that are registered there.
     *
     * @param webhook how its webhooks prove that they are its own
     * @param signedRequest whether it says in signed requests that an account took everything back, or wants to be
     *     forgotten
     */
    public record NoticeDialect(WebhookSignature webhook, boolean signedRequest) {}

    /**
     * What a scope is called and what it lets the bot do.
     *
     * @param choice {@link ConsentChoice#EACH} or {@link ConsentChoice#NONE} where it differs from the provider's
     *     others; null where not
     */
    public record ScopeText(
            LocalizedText name,
            LocalizedText description,
            @Nullable ConsentChoice choice) {}

    /** Reads a descriptor that the schema has passed. */
    static Provider from(JsonObject json) {
        JsonObject authorization = json.getJsonObject("authorization");
        String separator = authorization.getString("scope-separator", " ");
        var catalogue = new LinkedHashMap<String, ScopeText>();
        json.getJsonObject("scopes").forEach((scope, texts) -> {
            JsonObject object = texts.asJsonObject();
            catalogue.put(
                    scope,
                    new ScopeText(
                            LocalizedText.from(object.get("name"), scope),
                            LocalizedText.from(object.get("description"), scope),
                            object.containsKey("choice")
                                    ? trait(ConsentChoice.class, object.getString("choice"))
                                    : null));
        });
        return new Provider(
                json.getString("id"),
                json.getString("name"),
                json.getBoolean("discovery", false),
                null,
                false,
                Endpoints.from(json.getJsonObject("endpoints"), texts(array(json, "api"))),
                new Authorization(
                        separator,
                        scopesIn(authorization),
                        authorization.getString("instead-of-scope", null),
                        strings(object(authorization, "parameters")),
                        strings(object(authorization, "again")),
                        withScope(authorization),
                        authorization.getBoolean("redirect-uri", true),
                        authorization.getBoolean("return-to", false),
                        trait(ChallengeMethod.class, authorization.getString("challenge", "S256")),
                        authorization.getString("challenge-name", "S256"),
                        Set.copyOf(texts(array(authorization, "refusals")))),
                token(json.getJsonObject("token"), separator),
                accountMapping(json.getJsonObject("account")),
                json.containsKey("id-token") ? IdToken.from(json.getJsonObject("id-token")) : null,
                json.containsKey("account-proof") ? trait(AccountProof.class, json.getString("account-proof")) : null,
                scopeDialect(json),
                permissions(json),
                revocation(object(json, "revocation")),
                probe(object(json, "probe")),
                array(json, "failures").getValuesAs(JsonObject.class).stream()
                        .map(ApiFailure.Rule::from)
                        .toList(),
                providerTokens(json),
                notices(object(json, "notices")),
                ProxyRules.from(object(json, "proxy")),
                texts(array(json, "quirks")),
                scopes(json, "always"),
                trait(ConsentChoice.class, json.getString("choice", "varies")),
                AccountSettings.from(json.getJsonObject("settings")),
                catalogue);
    }

    private static NoticeDialect notices(JsonObject notices) {
        return new NoticeDialect(
                trait(WebhookSignature.class, notices.getString("webhook", "none")),
                notices.getBoolean("signed-request", false));
    }

    private static Map<String, Map<String, String>> withScope(JsonObject authorization) {
        var withScope = new LinkedHashMap<String, Map<String, String>>();
        object(authorization, "with-scope")
                .forEach((scope, parameters) -> withScope.put(scope, strings(parameters.asJsonObject())));
        return withScope;
    }

    private static Map<String, String> scopesIn(JsonObject authorization) {
        if (!authorization.containsKey("scope-parameters")) {
            return Map.of("", "scope");
        }
        var scopesIn = new LinkedHashMap<String, String>();
        for (JsonObject parameter : array(authorization, "scope-parameters").getValuesAs(JsonObject.class)) {
            scopesIn.put(parameter.getString("prefix", ""), parameter.getString("name"));
        }
        return scopesIn;
    }

    private static Token token(JsonObject token, String separator) {
        List<TokenPart> parts = array(token, "parts").getValuesAs(JsonObject.class).stream()
                .map(part -> new TokenPart(
                        Pointer.from(part, "at"),
                        part.getString("prefix", ""),
                        part.getString("kind", ""),
                        Pointer.from(part, "id")))
                .toList();
        List<Presentation> presentations = token.containsKey("presentations")
                ? texts(token.getJsonArray("presentations")).stream()
                        .map(Provider::presentation)
                        .toList()
                : List.of(Presentation.BEARER);
        return new Token(
                trait(BodyFormat.class, token.getString("body", "form")),
                trait(ClientAuthentication.class, token.getString("client-authentication", "basic")),
                token.getBoolean("client-id", false),
                "token-endpoint".equals(token.getString("assertion-audience", "issuer")),
                token.getBoolean("grant-type", true),
                trait(FailureShape.class, token.getString("failure", "http-status")),
                Pointer.from(token, "envelope"),
                token.getString("scope-separator", separator),
                parts.isEmpty() ? List.of(TokenPart.WHOLE) : parts,
                token.containsKey("lifetime") ? Duration.parse(token.getString("lifetime")) : null,
                presentations,
                presentations.get(0));
    }

    private static AccountMapping accountMapping(JsonObject account) {
        List<Pointer> id = account.get("id") instanceof JsonString one
                ? List.of(new Pointer(one.getString()))
                : texts(account.getJsonArray("id")).stream().map(Pointer::new).toList();
        JsonObject installation = object(account, "installation");
        return new AccountMapping(
                trait(AccountSource.class, account.getString("from", "endpoint")),
                id,
                Pointer.from(account, "name"),
                installation.isEmpty() ? null : Pointer.from(installation, "id"),
                installation.containsKey("name") ? Pointer.from(installation, "name") : null);
    }

    private static ScopeDialect scopeDialect(JsonObject json) {
        var implied = new LinkedHashMap<String, List<String>>();
        object(json, "implied").forEach((scope, others) -> implied.put(scope, texts(others.asJsonArray())));
        return new ScopeDialect(
                trait(ScopeSource.class, json.getString("scopes-from", "token-reply")),
                strings(object(json, "aliases")),
                implied,
                scopes(json, "silent"));
    }

    private static @Nullable Permissions permissions(JsonObject json) {
        JsonObject permissions = object(json, "permissions");
        return permissions.isEmpty()
                ? null
                : new Permissions(
                        Pointer.from(permissions, "list"),
                        Pointer.from(permissions, "scope"),
                        Pointer.from(permissions, "status"),
                        permissions.getString("granted"));
    }

    private static RevocationMethod revocation(JsonObject json) {
        String authentication = json.getString("client-authentication", null);
        return new RevocationMethod(
                "bearer".equals(json.getString("authentication", "client")),
                authentication == null ? null : trait(ClientAuthentication.class, authentication),
                json.getString("method", "POST"),
                trait(BodyFormat.class, json.getString("body", "form")),
                json.getString("parameter", "token"),
                // A token that lives on unused does no harm; one that is needed and dead does.
                trait(RevocationMethod.Ends.class, json.getString("ends", "account")),
                json.getBoolean("secondary-tokens", false));
    }

    private static ProbeMethod probe(JsonObject json) {
        return new ProbeMethod(
                trait(ProbeMethod.How.class, json.getString("how", "account")),
                json.getString("parameter", "token"),
                json.getBoolean("app-token", false),
                json.containsKey("client-id") ? Pointer.from(json, "client-id") : null,
                json.containsKey("valid") ? Pointer.from(json, "valid") : null,
                json.containsKey("scopes") ? Pointer.from(json, "scopes") : null);
    }

    private static @Nullable ProviderTokenList providerTokens(JsonObject json) {
        JsonObject list = object(json, "secondary-tokens");
        return list.isEmpty()
                ? null
                : new ProviderTokenList(
                        list.getString("kind"),
                        Pointer.from(list, "list"),
                        Pointer.from(list, "id"),
                        Pointer.from(list, "name"),
                        Pointer.from(list, "token"),
                        // A page without this pointer is the only one.
                        new Pointer(list.getString("next", "/next-page")));
    }

    /** This provider with some endpoints elsewhere: a mirror, the sandbox, a company's own server. */
    public Provider with(Endpoints elsewhere) {
        return with(issuer, issuerPromised, elsewhere, idToken, probe, settings);
    }

    /** This provider with other settings pages, unless none is named. */
    public Provider with(@Nullable AccountSettings elsewhere) {
        return elsewhere == null ? this : with(issuer, issuerPromised, endpoints, idToken, probe, elsewhere);
    }

    /**
     * This provider with grants that are presented in another of its ways.
     *
     * @param chosen in the words of descriptors
     */
    public Provider withPresentation(String chosen) {
        return with(
                issuer,
                issuerPromised,
                endpoints,
                token.withPresentation(presentation(chosen)),
                idToken,
                probe,
                settings);
    }

    private static Presentation presentation(String text) {
        return trait(Presentation.class, text);
    }

    /** This provider as the server of an issuer. */
    public Provider withIssuer(@Nullable String named, boolean promised) {
        return with(named, promised, endpoints, idToken, probe, settings);
    }

    /** This provider without pushed authorization requests, whatever its server announces. */
    public Provider withoutPushedAuthorization() {
        return with(endpoints.without("pushed-authorization"));
    }

    /** Whether the server must be asked for its endpoints. */
    public boolean isToBeFound() {
        return discovery && (endpoints.authorization() == null || endpoints.token() == null);
    }

    /**
     * Names the server, for what is remembered about it: several connectors of a shared descriptor have several
     * servers.
     */
    public String server() {
        URI token = endpoints.token();
        return id + " " + (issuer != null ? issuer : token == null ? "" : token.getAuthority());
    }

    /** Whether an endpoint says if a token lives; a server whose endpoints are not known yet may have one. */
    public boolean answersProbes() {
        return probe.how() != ProbeMethod.How.ACCOUNT || endpoints.account() != null || isToBeFound();
    }

    /**
     * This provider with what its server says about itself, where neither descriptor nor connector says anything.
     *
     * @param found endpoints, by the names that descriptors use
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
                idToken == null
                        ? new IdToken(null, false, true, idTokenAlgorithms)
                        : new IdToken(idToken.issuer, idToken.required, idToken.nonce, idTokenAlgorithms),
                introspects && probe.how() == ProbeMethod.How.ACCOUNT ? probe.by(ProbeMethod.How.INTROSPECTION) : probe,
                settings);
    }

    private Provider with(
            @Nullable String newIssuer,
            boolean promised,
            Endpoints newEndpoints,
            @Nullable IdToken newIdToken,
            ProbeMethod newProbe,
            @Nullable AccountSettings newSettings) {
        return with(newIssuer, promised, newEndpoints, token, newIdToken, newProbe, newSettings);
    }

    private Provider with(
            @Nullable String newIssuer,
            boolean promised,
            Endpoints newEndpoints,
            Token newToken,
            @Nullable IdToken newIdToken,
            ProbeMethod newProbe,
            @Nullable AccountSettings newSettings) {
        return new Provider(
                id,
                name,
                discovery,
                newIssuer,
                promised,
                newEndpoints,
                authorization,
                newToken,
                account,
                newIdToken,
                accountProof,
                scopeDialect,
                permissions,
                revocation,
                newProbe,
                failures,
                providerTokens,
                notices,
                proxy,
                quirks,
                always,
                choice,
                newSettings,
                catalogue);
    }

    /**
     * Whether its consent page lets the user leave this scope out; where that {@linkplain ConsentChoice#VARIES varies},
     * it may.
     */
    public boolean canBeLeftOut(String scope) {
        ScopeText text = catalogue.get(scope);
        ConsentChoice of = text == null || text.choice() == null ? choice : text.choice();
        return !always.tokens().contains(scope) && (of == ConsentChoice.EACH || of == ConsentChoice.VARIES);
    }

    /** What a page may say of the user's choice when these scopes are asked for. */
    public ConsentChoice choiceAmong(Scopes asked) {
        if (asked.toList().stream().anyMatch(this::canBeLeftOut)) {
            return choice == ConsentChoice.VARIES ? ConsentChoice.VARIES : ConsentChoice.EACH;
        }
        return choice == ConsentChoice.NONE ? ConsentChoice.NONE : ConsentChoice.ALL;
    }

    /** Whether it can be notified that a grant ended, as far as that is known before its server is asked. */
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

    /** What a refusal of this provider's API means. */
    public ApiFailure failure(int status, JsonStructure body) {
        return ApiFailure.classify(failures, status, body);
    }

    /** The same where the reply's headers are known: a challenge counts before all else. */
    public ApiFailure failure(int status, Map<String, List<String>> headers, JsonStructure body, Scopes granted) {
        return challenge(headers, granted).orElseGet(() -> failure(status, body));
    }

    /**
     * That a refused call needs other scopes, where the reply's headers say so (RFC 6750 section 3.1). They name every
     * scope that the call needs, so that those that are granted are not missing, unless all of them are.
     *
     * @param granted what the token may do as far as is known
     */
    public Optional<ApiFailure> challenge(Map<String, List<String>> headers, Scopes granted) {
        return BearerChallenge.insufficientScope(headers)
                .map(needed -> new ApiFailure(ApiFailure.Meaning.SCOPE_MISSING, lacking(needed, granted)));
    }

    private Scopes lacking(Scopes needed, Scopes granted) {
        Scopes named = Scopes.of(needed.toList().stream()
                .map(scope -> scopeDialect.aliases().getOrDefault(scope, scope))
                .toList());
        Scopes missing = named.minus(granted);
        return missing.isEmpty() ? named : missing;
    }

    /** Whether a refusal says in the provider's own words that a token is dead. */
    public boolean namesDead(int status, JsonStructure body) {
        return ApiFailure.namesDead(failures, status, body);
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

    private static JsonObject object(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonArray array(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonArray(name) : JsonValue.EMPTY_JSON_ARRAY;
    }

    private static List<String> texts(JsonArray array) {
        return array.getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static Map<String, String> strings(JsonObject json) {
        var strings = new LinkedHashMap<String, String>();
        json.forEach((name, value) -> strings.put(name, ((JsonString) value).getString()));
        return strings;
    }

    private static Scopes scopes(JsonObject json, String name) {
        return Scopes.of(texts(array(json, name)));
    }
}
