package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.TokenRequests;
import dev.grantbook.sandbox.TokenRequests.Refreshing;
import dev.grantbook.sandbox.TokenRequests.TokenFault;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Kakao (developers.kakao.com, "Kakao Login", REST API and error codes). Commas in the request (kits send spaces, which
 * work), spaces in the reply; the reply tells all that the user ever agreed to; a missing permission is named by the
 * API.
 */
@ApplicationScoped
class KakaoDialect implements Dialect {

    private static final String ID = "kakao";

    private static final String NICKNAME = "profile_nickname";
    private static final String EMAIL = "account_email";
    private static final String FRIENDS = "friends";

    private static final Set<String> SCOPES = Set.of(
            NICKNAME, "profile_image", EMAIL, FRIENDS, "talk_message", "phone_number", "birthday", "plusfriends");

    private static final Duration SIX_HOURS = Duration.ofHours(6);
    private static final Duration TWO_MONTHS = Duration.ofDays(60);

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    TokenRequests requests;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return "oauth/authorize";
    }

    /** Kakao shows what is wrong with a request, and never sends anybody back with it. */
    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        if (!visit.registered().toString().equals(visit.get("redirect_uri"))) {
            throw ConsentRefusal.page("KOE006", "Not a registered redirect URI.");
        }
        if (!"code".equals(visit.get("response_type"))) {
            throw ConsentRefusal.page("KOE001", "response_type must be code.");
        }
        Scopes scopes;
        try {
            scopes = visit.scopes("scope", ", ", SCOPES::contains);
        } catch (ConsentRefusal unknown) {
            throw ConsentRefusal.page("KOE205", "A consent item that is not set for this app.");
        }
        return new ConsentQuestion(visit, scopes, Scopes.NONE, visit.s256());
    }

    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        String clientId = ask.request().client().clientId();
        return authorizations.of(ID, account).stream()
                .filter(known -> known.clientId().equals(clientId))
                .map(SandboxAuthorization::scopes)
                .reduce(ticked, Scopes::plus);
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return Dialect.super.describeDenial(ask).with("error_description", "User denied access");
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth/token" -> token(call);
            case "GET v2/user/me" -> me(call);
            case "GET v1/api/talk/friends" -> friends(call);
            case "POST v1/user/unlink" -> unlink(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = call.form().orElseThrow(() -> refusal(400, "invalid_request", "KOE001", "Not a form."));
        SandboxAuthorization authorization =
                requests.find(ID, client(form), form, Refreshing.KEEPS, KakaoDialect::refusal);
        JsonObjectBuilder reply = Json.createObjectBuilder()
                .add("token_type", "bearer")
                .add("access_token", grant(authorization, SandboxToken.ACCESS, SIX_HOURS))
                .add("expires_in", SIX_HOURS.toSeconds());
        // The old refresh token has more than a month to live: no new one, and nothing is said of scopes either.
        if (form.get("refresh_token") == null) {
            reply.add("refresh_token", grant(authorization, SandboxToken.REFRESH, TWO_MONTHS))
                    .add("refresh_token_expires_in", TWO_MONTHS.toSeconds())
                    .add("scope", authorization.scopes().toString());
        }
        return SandboxReply.ok(reply.build());
    }

    private String grant(SandboxAuthorization authorization, String kind, Duration lifetime) {
        return authorizations.grant(authorization, kind, lifetime).value();
    }

    /** An app that has a client secret must show it; one that has none needs its id only. */
    private Connector client(Parameters form) {
        return Optional.ofNullable(form.get("client_id"))
                .flatMap(id -> clients.at(ID, id))
                .filter(client -> client.clientSecret() == null
                        ? form.get("client_secret") == null
                        : Optional.ofNullable(form.get("client_secret"))
                                .filter(secret -> !secret.isEmpty())
                                .filter(secret -> clients.isSecret(new Secret(secret)))
                                .isPresent())
                .orElseThrow(() -> refusal(401, "invalid_client", "KOE010", "Bad client credentials"));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call);
        SandboxAccount account = authorization.account();
        boolean nickname = authorization.allows(NICKNAME);
        JsonObjectBuilder known = Json.createObjectBuilder().add("profile_nickname_needs_agreement", !nickname);
        if (nickname) {
            known.add("profile", SandboxReply.object("nickname", account.fullName()));
        }
        if (authorization.allows(EMAIL)) {
            known.add("email", account.email());
        }
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("id", id(account))
                .add("kakao_account", known)
                .build());
    }

    private SandboxReply friends(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call);
        if (!authorization.allows(FRIENDS)) {
            var allowed = Json.createArrayBuilder();
            authorization.scopes().toList().forEach(allowed::add);
            return SandboxReply.of(
                    403,
                    Json.createObjectBuilder()
                            .add("msg", "insufficient scopes.")
                            .add("code", -402)
                            .add("api_type", "TALK_FRIENDS")
                            .add("required_scopes", Json.createArrayBuilder().add(FRIENDS))
                            .add("allowed_scopes", allowed)
                            .build());
        }
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("elements", Json.createArrayBuilder())
                .add("total_count", 0)
                .build());
    }

    private SandboxReply unlink(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call);
        authorizations.revoke(ID, authorization.account(), authorization.clientId());
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("id", id(authorization.account()))
                .build());
    }

    private SandboxAuthorization bearer(SandboxCall call) {
        return call.bearer().flatMap(token -> authorizations.find(ID, token)).orElseThrow(() -> {
            JsonObject body = Json.createObjectBuilder()
                    .add("msg", "this access token does not exist")
                    .add("code", -401)
                    .build();
            return SandboxReply.of(401, body).refusal();
        });
    }

    /** A number, not a text. */
    private static long id(SandboxAccount account) {
        return Long.parseLong(account.number());
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", "KOE001", "unsupported grant type");
            case CODE -> refusal(400, "invalid_grant", "KOE320", "authorization code not found");
            case REDIRECT_URI -> refusal(400, "invalid_grant", "KOE303", "Redirect URI mismatch.");
            case VERIFIER -> refusal(400, "invalid_grant", "KOE320", "code_verifier mismatch");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token");
        };
    }

    private static Refusal refusal(int status, String error, String code, String description) {
        JsonObject body = Json.createObjectBuilder()
                .add("error", error)
                .add("error_description", description)
                .add("error_code", code)
                .build();
        return SandboxReply.of(status, body).refusal();
    }
}
