package dev.grantbook.invitation;

import static dev.grantbook.invitation.Explanation.Mark.ASKED;
import static dev.grantbook.invitation.Explanation.Mark.GRANTED;
import static dev.grantbook.invitation.Explanation.Mark.LOCKED;
import static dev.grantbook.invitation.Explanation.Mark.MISSING;
import static dev.grantbook.invitation.Explanation.Mark.WAITING_FOR_CODE;
import static dev.grantbook.invitation.Explanation.Mark.WORKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Need;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.invitation.Explanation.Card;
import dev.grantbook.invitation.Explanation.ExplanationLine;
import dev.grantbook.oauth.Scopes;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Connector BOT = TestConnectors.of("""
            {"provider": "messenger", "client-id": "client", "client-secret": "env:SECRET",
             "name": {"en": "Ledger Bot", "zh": "账本机器人"}, "default-scopes": ["PHONE"],
             "features": {
               "portfolio": {"name": {"en": "Portfolio", "zh": "资产总览"},
                             "reason": {"en": "To add up what you own.", "zh": "用来汇总你的资产。"},
                             "required": ["ASSETS", "SNAPSHOTS"], "optional": ["COLLECTIBLES"]},
               "contacts": {"name": {"en": "Pay a friend", "zh": "向好友付款"}, "essential": false,
                            "reason": {"en": "To pick a friend.", "zh": "用来选择好友。"},
                            "required": ["CONTACTS"]}}}""", TestProviders.of("""
            {"id": "messenger", "name": "Messenger", "endpoints": {}, "authorization": {}, "token": {},
             "account": {"id": "/id", "name": "/name"}, "always": ["PROFILE"],
             "scopes": {"ASSETS": {"name": {"en": "Your assets", "zh": "资产"},
                                   "description": {"en": "See your assets.", "zh": "查看你的资产。"}}}}"""));

    private static final Need NEED = BOT.need();

    @Test
    void beforeTheTripEachFeatureSaysWhyAndWhetherItIsNeeded() {
        var explanation = before(Scopes.NONE);
        assertThat(explanation.features())
                .extracting(Card::name, Card::reason, Card::mark, Card::chip)
                .containsExactly(
                        tuple("Portfolio", "To add up what you own.", ASKED, "needed"),
                        tuple("Pay a friend", "To pick a friend.", ASKED, "optional"));
        assertThat(explanation.features().get(0).permissions())
                .extracting(ExplanationLine::name, ExplanationLine::note)
                .containsExactly(tuple("Your assets", ""), tuple("SNAPSHOTS", ""), tuple("COLLECTIBLES", "extra"));
    }

    @Test
    void whatBelongsToNoFeatureIsToldToo() {
        assertThat(before(Scopes.NONE).rest())
                .extracting(ExplanationLine::name, ExplanationLine::note)
                .containsExactly(tuple("PROFILE", "fixed"), tuple("PHONE", ""));
    }

    @Test
    @DisplayName("1.3 What was allowed once and is needed no more is not called part of what is asked for")
    void whatIsNeededNoMoreIsToldApart() {
        assertThat(before(Scopes.NONE).earlier())
                .extracting(ExplanationLine::name)
                .containsExactly("OLD");
    }

    @Test
    @DisplayName("1.3 What is allowed already is told apart from what is asked for")
    void whatWasGrantedBeforeIsToldApart() {
        var explanation = before(Scopes.of("ASSETS", "PROFILE", "CONTACTS"));

        assertThat(explanation.allowed())
                .extracting(ExplanationLine::name, ExplanationLine::mark)
                .containsExactly(tuple("Your assets", GRANTED), tuple("PROFILE", GRANTED), tuple("CONTACTS", GRANTED));
        assertThat(explanation.features()).extracting(Card::name).containsExactly("Portfolio");
        assertThat(explanation.features().get(0).permissions())
                .extracting(ExplanationLine::name, ExplanationLine::mark)
                .containsExactly(tuple("SNAPSHOTS", ASKED), tuple("COLLECTIBLES", ASKED));
        assertThat(explanation.rest()).extracting(ExplanationLine::name).containsExactly("PHONE");
    }

    @Test
    @DisplayName("1.4 Nothing works before the chat user has confirmed")
    void nothingWorksUnconfirmed() {
        Scopes granted = Scopes.of("PROFILE", "PHONE", "ASSETS", "CONTACTS");

        assertThat(Explanation.after(BOT, NEED, Shortfall.of(NEED, granted), granted, WAITING_FOR_CODE, Locale.ENGLISH)
                        .features())
                .extracting(Card::name, Card::mark)
                .containsExactly(tuple("Pay a friend", WAITING_FOR_CODE), tuple("Portfolio", LOCKED));
    }

    @Test
    void afterTheTripWhatWorksComesFirst() {
        var explanation = after(Scopes.of("PROFILE", "PHONE", "ASSETS", "CONTACTS"));
        assertThat(explanation.features())
                .extracting(Card::name, Card::mark)
                .containsExactly(tuple("Pay a friend", WORKS), tuple("Portfolio", LOCKED));
        assertThat(explanation.features().get(1).permissions())
                .extracting(ExplanationLine::name, ExplanationLine::mark)
                .containsExactly(
                        tuple("Your assets", GRANTED), tuple("SNAPSHOTS", MISSING), tuple("COLLECTIBLES", MISSING));
        assertThat(explanation.rest()).isEmpty();
    }

    @Test
    void afterTheTripTheRestIsOnlyWhatIsMissing() {
        assertThat(after(Scopes.of("PROFILE", "ASSETS")).rest())
                .extracting(ExplanationLine::name, ExplanationLine::mark, ExplanationLine::note)
                .containsExactly(tuple("PHONE", MISSING, ""));
    }

    @Test
    void everythingIsInTheVisitorsLanguage() {
        var card = Explanation.before(BOT, NEED, NEED.scopes(), Scopes.NONE, Locale.CHINESE)
                .features()
                .get(0);
        assertThat(card.name()).isEqualTo("资产总览");
        assertThat(card.permissions().get(0).description()).isEqualTo("查看你的资产。");
    }

    private static Explanation before(Scopes granted) {
        Scopes asked = Scopes.of("PROFILE").plus(NEED.scopes()).plus(Scopes.of("OLD"));
        return Explanation.before(BOT, NEED, asked, granted, Locale.ENGLISH);
    }

    private static Explanation after(Scopes granted) {
        return Explanation.after(BOT, NEED, Shortfall.of(NEED, granted), granted, WORKS, Locale.ENGLISH);
    }
}
