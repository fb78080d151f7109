package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Kakao (developers.kakao.com, "Kakao Login", REST API and error codes). Commas in the request (kits send spaces, which
 * work), spaces in the reply; the reply has all that the user ever agreed to; a missing permission is named by the API.
 */
@Dependent
class KakaoDialect extends Dialect {

    private static final String NICKNAME = "profile_nickname";
    private static final String EMAIL = "account_email";
    private static final String FRIENDS = "friends";

    private static final Set<String> SCOPES = Set.of(
            NICKNAME, "profile_image", EMAIL, FRIENDS, "talk_message", "phone_number", "birthday", "plusfriends");

    private static final Duration SIX_HOURS = Duration.ofHours(6);
    private static final Duration TWO_MONTHS = Duration.ofDays(60);

    KakaoDialect() {
        super("kakao", "oauth/authorize");
    }

    /** Kakao shows what is wrong with a request, and never sends the user back with it. */
    @Override
    public ConsentQuestion read(ConsentRequest request) {
        if (!request.registered().toString().equals(request.get("redirect_uri"))) {
            throw ConsentRefusal.page("KOE006", "Not a registered redirect URI.");
        }
        if (!"code".equals(request.get("response_type"))) {
            throw ConsentRefusal.page("KOE001", "response_type must be code.");
        }
        Scopes scopes;
        try {
            scopes = request.scopes("scope", ", ", SCOPES::contains);
        } catch (ConsentRefusal unknown) {
            throw ConsentRefusal.page("KOE205", "A consent item that is not set for this app.");
        }
        return new ConsentQuestion(request, scopes, Scopes.NONE, request.s256());
    }

    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        String clientId = ask.request().client().clientId();
        return authorizations.of(id(), account).stream()
                .filter(known -> known.isHeldBy(clientId))
                .map(SandboxAuthorization::scopes)
                .reduce(ticked, Scopes::plus);
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask).with("error_description", "User denied access");
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
        Parameters form = call.form().orElseThrow(() -> refuse(400, "invalid_request", "KOE001", "Not a form."));
        SandboxAuthorization holder = acceptGrant(client(form), form, Refreshing.ALWAYS, KakaoDialect::refusal);
        JsonObjectBuilder reply = beginReply(holder, SIX_HOURS, "bearer");
        // The old refresh token has more than a month to live: no new one, and no scopes either.
        if (form.get("refresh_token") == null) {
            addRefreshToken(reply, holder, TWO_MONTHS);
            reply.add("refresh_token_expires_in", TWO_MONTHS.toSeconds())
                    .add("scope", holder.scopes().toString());
        }
        return SandboxReply.ok(reply);
    }

    /** An app that has a client secret must show it; one that has none needs its id only. */
    private Connector client(Parameters form) {
        return Optional.ofNullable(form.get("client_id"))
                .flatMap(id -> clients.at(id(), id))
                .filter(client -> client.clientSecret() == null
                        ? form.get("client_secret") == null
                        : SandboxCall.secret(form, "client_secret")
                                .filter(clients::isSecret)
                                .isPresent())
                .orElseThrow(() -> refuse(401, "invalid_client", "KOE010", "Bad client credentials"));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAuthorization holder = bearer(call);
        SandboxAccount account = holder.account();
        JsonObjectBuilder known =
                Json.createObjectBuilder().add("profile_nickname_needs_agreement", !holder.allows(NICKNAME));
        if (holder.allows(NICKNAME)) {
            known.add("profile", Json.createObjectBuilder().add("nickname", account.fullName()));
        }
        if (holder.allows(EMAIL)) {
            known.add("email", account.email());
        }
        return SandboxReply.ok(Map.of("id", id(account), "kakao_account", known.build()));
    }

    private SandboxReply friends(SandboxCall call) {
        SandboxAuthorization holder = bearer(call);
        if (!holder.allows(FRIENDS)) {
            return SandboxReply.of(
                    403,
                    Json.createObjectBuilder()
                            .add("msg", "insufficient scopes.")
                            .add("code", -402)
                            .add("api_type", "TALK_FRIENDS")
                            .add("required_scopes", Json.createArrayBuilder().add(FRIENDS))
                            .add(
                                    "allowed_scopes",
                                    Json.createArrayBuilder(holder.scopes().toList())));
        }
        return SandboxReply.ok(Map.of("elements", List.of(), "total_count", 0));
    }

    private SandboxReply unlink(SandboxCall call) {
        SandboxAuthorization holder = bearer(call);
        authorizations.revoke(id(), holder.account(), holder.clientId());
        return SandboxReply.ok(Map.of("id", id(holder.account())));
    }

    private SandboxAuthorization bearer(SandboxCall call) {
        return find(call.bearer())
                .orElseThrow(() -> SandboxReply.of(401, Map.of("msg", "this access token does not exist", "code", -401))
                        .refusal());
    }

    /** A number, not a text. */
    private static long id(SandboxAccount account) {
        return Long.parseLong(account.number());
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refuse(400, "unsupported_grant_type", "KOE001", "unsupported grant type");
            case CODE -> refuse(400, "invalid_grant", "KOE320", "authorization code not found");
            case REDIRECT_URI -> refuse(400, "invalid_grant", "KOE303", "Redirect URI mismatch.");
            case VERIFIER -> refuse(400, "invalid_grant", "KOE320", "code_verifier mismatch");
            case REFRESH_TOKEN -> refuse(400, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token");
        };
    }

    private static Refusal refuse(int status, String error, String code, String description) {
        return SandboxReply.of(status, Map.of("error", error, "error_description", description, "error_code", code))
                .refusal();
    }
}
