package dev.grantbook.flow;

import static dev.grantbook.flow.Explanation.Mark.ASKED;
import static dev.grantbook.flow.Explanation.Mark.GRANTED;
import static dev.grantbook.flow.Explanation.Mark.LOCKED;
import static dev.grantbook.flow.Explanation.Mark.MISSING;
import static dev.grantbook.flow.Explanation.Mark.WORKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Feature;
import dev.grantbook.connector.Need;
import dev.grantbook.connector.ReturnUrls;
import dev.grantbook.connector.SecretReference;
import dev.grantbook.flow.Explanation.Card;
import dev.grantbook.flow.Explanation.Line;
import dev.grantbook.grant.Shortfall;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.provider.BodyFormat;
import dev.grantbook.provider.ChallengeMethod;
import dev.grantbook.provider.ClientAuthentication;
import dev.grantbook.provider.FailureShape;
import dev.grantbook.provider.Provider;
import dev.grantbook.provider.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Feature PORTFOLIO = new Feature(
            "portfolio",
            words("Portfolio", "资产总览"),
            words("To add up what you own.", "用来汇总你的资产。"),
            true,
            Scopes.of("ASSETS", "SNAPSHOTS"),
            Scopes.of("COLLECTIBLES"));

    private static final Feature CONTACTS = new Feature(
            "contacts",
            words("Pay a friend", "向好友付款"),
            words("To pick a friend.", "用来选择好友。"),
            false,
            Scopes.of("CONTACTS"),
            Scopes.NONE);

    private static final Connector BOT = new Connector(
            "bot",
            true,
            words("Ledger Bot", "账本机器人"),
            provider(),
            "client",
            new SecretReference("env:SECRET"),
            Scopes.of("PHONE"),
            List.of(PORTFOLIO, CONTACTS),
            new ReturnUrls(List.of()),
            false,
            Confirmation.NONE,
            null,
            false);

    private static final Need NEED = BOT.need();

    @Test
    void beforeTheTripEachFeatureSaysWhyAndWhetherItIsNeeded() {
        var explanation = before(Scopes.NONE);
        assertThat(explanation.features())
                .extracting(Card::name, Card::reason, Card::mark, Card::needed)
                .containsExactly(
                        tuple("Portfolio", "To add up what you own.", ASKED, true),
                        tuple("Pay a friend", "To pick a friend.", ASKED, false));
        assertThat(explanation.features().get(0).permissions())
                .extracting(Line::name, Line::needed)
                .containsExactly(tuple("Your assets", true), tuple("SNAPSHOTS", true), tuple("COLLECTIBLES", false));
    }

    @Test
    void whatBelongsToNoFeatureIsToldToo() {
        assertThat(before(Scopes.NONE).rest())
                .extracting(Line::name, Line::needed)
                .containsExactly(tuple("PROFILE", true), tuple("PHONE", true), tuple("OLD", false));
    }

    @Test
    void whatWasGrantedBeforeIsMarked() {
        assertThat(before(Scopes.of("ASSETS")).features().get(0).permissions())
                .extracting(Line::mark)
                .containsExactly(GRANTED, ASKED, ASKED);
    }

    @Test
    void afterTheTripWhatWorksComesFirst() {
        var explanation = after(Scopes.of("PROFILE", "PHONE", "ASSETS", "CONTACTS"));
        assertThat(explanation.features())
                .extracting(Card::name, Card::mark)
                .containsExactly(tuple("Pay a friend", WORKS), tuple("Portfolio", LOCKED));
        assertThat(explanation.features().get(1).permissions())
                .extracting(Line::name, Line::mark)
                .containsExactly(
                        tuple("Your assets", GRANTED), tuple("SNAPSHOTS", MISSING), tuple("COLLECTIBLES", MISSING));
        assertThat(explanation.rest()).isEmpty();
    }

    @Test
    void afterTheTripTheRestIsOnlyWhatIsMissing() {
        assertThat(after(Scopes.of("PROFILE", "ASSETS")).rest())
                .extracting(Line::name, Line::mark, Line::needed)
                .containsExactly(tuple("PHONE", MISSING, true));
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
        return Explanation.after(BOT, NEED, Shortfall.of(NEED, granted), granted, Locale.ENGLISH);
    }

    private static Provider provider() {
        return new Provider(
                "messenger",
                "Messenger",
                new Provider.Endpoints(null, null, null, null),
                new Provider.Authorization(" ", true, false, ChallengeMethod.S256, "S256"),
                new Provider.Token(BodyFormat.FORM, ClientAuthentication.BASIC, true, FailureShape.HTTP_STATUS, ""),
                new Provider.Account("/id", "/name"),
                Scopes.of("PROFILE"),
                Map.of(
                        "ASSETS",
                        new Provider.ScopeText(words("Your assets", "资产"), words("See your assets.", "查看你的资产。"))));
    }

    private static Words words(String english, String chinese) {
        return new Words(Map.of("en", english, "zh", chinese));
    }
}
