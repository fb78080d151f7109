package dev.grantbook.grant.confirmation;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.grant.ConfirmationCode;
import dev.grantbook.grant.confirmation.Confirmations.CodeResult;
import dev.grantbook.grant.search.GrantJson.SummaryJson;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.web.JsonBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Objects;

/** Reads confirmation codes and answers them. */
@ApplicationScoped
class ConfirmationRequests {

    @Inject
    JsonBody bodies;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    JsonObject read(InputStream body, String schema) throws IOException {
        caller.require(Permission.INVITE);
        return bodies.read(body, schema);
    }

    /** Rejects what cannot be a code; that costs no try. */
    static ConfirmationCode code(JsonObject json) {
        return ConfirmationCode.parse(json.getString("code"))
                .orElseThrow(() -> Problem.field("code", "a code has six letters and digits, like K7Q-M4T")
                        .exception());
    }

    JsonObject answer(CodeResult result) {
        return switch (result.answer()) {
            case CONFIRMED -> RecordJson.write(SummaryJson.of(Objects.requireNonNull(result.grant()), clock.instant()));
            case WRONG ->
                throw wrong("not the code; " + result.triesLeft() + (result.triesLeft() == 1 ? " try is" : " tries are")
                                + " left")
                        .exception();
            case WRONG_AND_OVER ->
                throw wrong("not the code, and no tries are left: the grant has ended")
                        .exception();
            case NOTHING_WAITS ->
                throw Problem.of(
                                409,
                                "nothing-to-confirm",
                                "No grant waits for this code: nobody finished, or its time or its tries are over."
                                        + " A new link starts anew.")
                        .exception();
        };
    }

    private static Problem wrong(String reason) {
        return Problem.field("code-wrong", "code", reason);
    }
}
