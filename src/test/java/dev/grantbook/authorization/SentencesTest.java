package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.catalogue.EndNotice;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.invitation.EndExplanation;
import dev.grantbook.invitation.EndExplanations;
import dev.grantbook.invitation.Explanation;
import dev.grantbook.invitation.SettingsLink;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.revocation.ProviderNotice;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.InjectedField;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages claim about a provider, held against what is known of it. The facts stand here once more, written from
 * what the providers document and not from the descriptors.
 */
@DisplayName("1.1 1.2 1.5 Each descriptor is held against each sentence")
class SentencesTest {

    private static final ProviderCatalogue CATALOGUE = TestProviders.catalogue(Settings.read());

    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE);

    /** What a sentence must not say unless it is so, in both languages. */
    private static final String CHOOSE = "you choose which|由你选择";

    private static final String TOGETHER = "all of this together, or nothing|只能一并允许";
    private static final String TICK = "[Tt]ick|勾选";
    private static final String EVERYTHING = "everything together|for everything, together|一并请求全部权限";
    private static final String AT_ANY_TIME = "at any time|任何时候";
    private static final String MAY_GO_ON = "may still work|may go on|可能仍然有效|可能继续有效";
    private static final String NO_WAY_TO_TELL = "no way to tell|cannot be told|无法通知|无法得到通知";
    private static final String WILL_BE_TOLD = "is told|has confirmed the end|会通知|是否已确认终止";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    /**
     * What a provider lets its users do.
     *
     * @param fixed scopes that the consent page does not let the user leave out, while it lets them leave out others
     * @param told whether it has a way to be told of an end; null when that depends on the server
     * @param path what the way to its settings leads through; empty when nobody knows it
     */
    record Facts(String id, ConsentChoice choice, Set<String> fixed, EndNotice told, String path) {

        @Override
        public String toString() {
            return id;
        }
    }

    static final List<Facts> FACTS = List.of(
            facts("discord", ConsentChoice.ALL, Set.of(), EndNotice.POSSIBLE, "Authorized Apps"),
            facts("entra", ConsentChoice.ALL, Set.of(), EndNotice.IMPOSSIBLE, "My Apps"),
            facts("facebook", ConsentChoice.EACH, Set.of("public_profile"), EndNotice.POSSIBLE, "Apps and websites"),
            facts("github", ConsentChoice.ALL, Set.of(), EndNotice.POSSIBLE, "Authorized OAuth Apps"),
            facts(
                    "google",
                    ConsentChoice.EACH,
                    Set.of("openid", "profile", "email"),
                    EndNotice.POSSIBLE,
                    "third-party apps"),
            facts("intercom", ConsentChoice.NONE, Set.of(), EndNotice.IMPOSSIBLE, "App Store"),
            facts("kakao", ConsentChoice.VARIES, Set.of(), EndNotice.POSSIBLE, "Connected Services"),
            facts("line", ConsentChoice.EACH, Set.of("profile", "openid"), EndNotice.POSSIBLE, "Authorized apps"),
            facts("mixin", ConsentChoice.EACH, Set.of("PROFILE:READ"), EndNotice.IMPOSSIBLE, "Authorization"),
            facts("oauth2", ConsentChoice.VARIES, Set.of(), EndNotice.UNKNOWN, ""),
            facts("oidc", ConsentChoice.VARIES, Set.of("openid"), EndNotice.UNKNOWN, ""),
            facts("slack", ConsentChoice.ALL, Set.of(), EndNotice.POSSIBLE, "Manage apps"),
            facts(
                    "telegram",
                    ConsentChoice.EACH,
                    Set.of("openid", "profile"),
                    EndNotice.IMPOSSIBLE,
                    "Connected Websites"),
            facts("xeno", ConsentChoice.VARIES, Set.of(), EndNotice.IMPOSSIBLE, ""),
            facts("zoom", ConsentChoice.VARIES, Set.of("user:read:user"), EndNotice.POSSIBLE, "Added Apps"));

    private static Facts facts(String id, ConsentChoice choice, Set<String> fixed, EndNotice told, String path) {
        return new Facts(id, choice, fixed, told, path);
    }

    static Stream<Facts> facts() {
        return FACTS.stream();
    }

    @Test
    void noProviderIsLeftOut() {
        assertThat(FACTS.stream().map(Facts::id).toList())
                .containsExactlyElementsOf(
                        CATALOGUE.all().stream().map(Provider::id).toList());
    }

    @ParameterizedTest
    @MethodSource("facts")
    @DisplayName("1.2 The landing page offers no choice that the provider does not give")
    void theLandingPageOffersTheChoiceThatThereIs(Facts facts) {
        Provider provider = provider(facts);
        ConsentChoice choice = provider.catalogue().choiceAmong(all(provider));
        assertThat(choice).isEqualTo(facts.choice());
        for (Locale language : LANGUAGES) {
            String before = say(language, "connect.choice." + choice.word(), provider.name());
            String again = say(language, "again." + choice.word(), provider.name());
            boolean together = choice == ConsentChoice.ALL || choice == ConsentChoice.NONE;
            assertThat(Map.of(before, again)).allSatisfy((one, other) -> {
                assertClaims(one, CHOOSE, choice == ConsentChoice.EACH);
                assertClaims(one, TOGETHER, together);
                assertClaims(other, TICK, choice == ConsentChoice.EACH);
                assertClaims(other, EVERYTHING, together);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("facts")
    @DisplayName("1.2 Each scope that cannot be left out says so, and no other is called optional")
    void eachScopeSaysWhetherItCanBeLeftOut(Facts facts) {
        Provider provider = provider(facts);
        Connector bot = bot(provider);
        Explanation explanation = Explanation.before(bot, bot.need(), all(provider), Scopes.NONE, Locale.ENGLISH);
        boolean together = facts.choice() == ConsentChoice.ALL || facts.choice() == ConsentChoice.NONE;
        Map<String, Set<String>> notes = Stream.concat(explanation.earlier().stream(), explanation.rest().stream())
                .collect(Collectors.groupingBy(
                        Explanation.ExplanationLine::note,
                        Collectors.mapping(Explanation.ExplanationLine::name, Collectors.toCollection(TreeSet::new))));

        assertThat(notes.getOrDefault("fixed", Set.of()))
                .isEqualTo(facts.fixed().stream()
                        .map(scope -> provider.catalogue().nameOf(scope, Locale.ENGLISH))
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(notes.getOrDefault("extra", Set.of()).isEmpty())
                .isEqualTo(together || all(provider).tokens().equals(facts.fixed()));
    }

    @ParameterizedTest
    @MethodSource("facts")
    @DisplayName("1.2 Where only what is fixed is asked for, nothing is said to be a choice")
    void whatIsFixedIsNoChoice(Facts facts) {
        ConsentChoice choice = provider(facts).catalogue().choiceAmong(Scopes.of(List.copyOf(facts.fixed())));

        assertThat(choice).isEqualTo(facts.choice() == ConsentChoice.NONE ? ConsentChoice.NONE : ConsentChoice.ALL);
    }

    @ParameterizedTest
    @MethodSource("facts")
    @DisplayName("1.5 The way to take back that lasts is the provider's own, in its own words")
    void theWayThatLastsIsNamed(Facts facts) {
        SettingsLink settings = ends().link(bot(provider(facts)), Locale.ENGLISH);
        assertThat(settings.path()).contains(facts.path());
        assertThat(settings.path().isEmpty()).isEqualTo(facts.path().isEmpty());
        assertThat(settings.url()).matches("|https://\\S+");
        for (Locale language : LANGUAGES) {
            String path = ends().link(bot(provider(facts)), language).path();
            for (String key : List.of("connect.later", "outcome.later", "permissions.later", "end.step")) {
                String said = say(
                        language,
                        path.isEmpty() ? key : key + ".path",
                        "Ledger Bot",
                        provider(facts).name(),
                        path);
                assertThat(said).contains(path, provider(facts).name()).doesNotContain("“”", "{");
                if (path.isEmpty()) {
                    assertClaims(said, AT_ANY_TIME, false);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("facts")
    @DisplayName("1.1 Before an end, the pages promise to tell only a provider that can be told")
    void whatIsPromisedBeforeAnEnd(Facts facts) {
        Provider provider = provider(facts);
        assertThat(provider.endNotice()).isEqualTo(facts.told());
        for (Locale language : LANGUAGES) {
            String page =
                    say(language, "permissions.sure." + provider.endNotice().word(), "Ledger Bot", provider.name());
            assertClaims(page, NO_WAY_TO_TELL, facts.told() == EndNotice.IMPOSSIBLE);
            assertClaims(page, WILL_BE_TOLD, facts.told() == EndNotice.POSSIBLE);
            for (String key : List.of("subject.erase.", "grant.disconnect.")) {
                String dialog = inConsole(language, key + provider.endNotice().word(), provider.name());
                assertThat(dialog).contains(provider.name());
                assertClaims(dialog, NO_WAY_TO_TELL, facts.told() == EndNotice.IMPOSSIBLE);
                assertClaims(dialog, WILL_BE_TOLD, facts.told() != EndNotice.IMPOSSIBLE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.1 After an end, only a provider that knows is said to know, and a step is left otherwise")
    void whatIsSaidAfterAnEnd(ProviderNotice notice) {
        var explanation = new EndExplanation(notice.word(), false, "Ledger Bot", "Mixin", new SettingsLink("", ""));
        boolean knows = notice == ProviderNotice.CONFIRMED || notice == ProviderNotice.ENDED_THERE;
        assertThat(explanation.isPending()).isEqualTo(notice == ProviderNotice.PENDING);
        assertThat(explanation.isStepLeft()).isEqualTo(!knows && !explanation.isPending());
        for (Locale language : LANGUAGES) {
            String said = say(language, "end." + notice.word(), "Ledger Bot", "Mixin");
            assertClaims(said, "ended (there|at)|也已终止", knows);
            assertClaims(said, "may still work|可能仍然有效", !knows);
            assertThat(said).doesNotContain("{");
            assertThat(inConsole(language, "grant.notice." + notice.word())).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.1 Of a grant that signs, no page says that the bot has a key or a token that may go on working")
    void nobodyHasWhatSigned(ProviderNotice notice) {
        var explanation = new EndExplanation(notice.word(), true, "Ledger Bot", "Mixin", new SettingsLink("", ""));
        boolean knows = notice == ProviderNotice.CONFIRMED || notice == ProviderNotice.ENDED_THERE;
        for (Locale language : LANGUAGES) {
            String said = say(language, explanation.getKey(), "Ledger Bot", "Mixin");
            assertThat(said).contains("Mixin").doesNotContain("{").doesNotContainPattern(MAY_GO_ON);
            assertClaims(said, "five minutes|五分钟", !knows);
        }
    }

    @Test
    @DisplayName("1.1 In the console nothing of a grant that signs is said to go on working")
    void nobodyHasWhatSignedInTheConsole() {
        for (Locale language : LANGUAGES) {
            assertThat(inConsole(language, "grant.notice.unnotified.signing"))
                    .containsPattern("five minutes|五分钟")
                    .doesNotContainPattern(MAY_GO_ON);
            assertThat(inConsole(language, "grant.disconnect.impossible.signing", "Mixin"))
                    .containsPattern(NO_WAY_TO_TELL)
                    .containsPattern("five minutes|五分钟")
                    .doesNotContainPattern(MAY_GO_ON);
            assertThat(inConsole(language, "subject.erase.impossible", "Mixin"))
                    .containsPattern("if the bot has|如果机器人");
        }
    }

    /** A claim is made exactly where it is true. */
    private static void assertClaims(String sentence, String claim, boolean isTrue) {
        if (isTrue) {
            assertThat(sentence).containsPattern(claim);
        } else {
            assertThat(sentence).doesNotContainPattern(claim);
        }
    }

    private EndExplanations ends() {
        var ends = new EndExplanations();
        InjectedField.set(ends, "settings", configuration.settings());
        return ends;
    }

    private static Provider provider(Facts facts) {
        return CATALOGUE.find(facts.id()).orElseThrow();
    }

    private static Connector bot(Provider provider) {
        return TestConnectors.of(
                "{\"provider\": \"" + provider.id() + "\", \"client-id\": \"bot-1\", \"client-secret\": \"env:X\"}",
                provider);
    }

    /** Every scope of the catalogue, and one that it does not know where it knows none. */
    private static Scopes all(Provider provider) {
        return provider.catalogue().texts().isEmpty()
                ? Scopes.of("something")
                : Scopes.of(List.copyOf(provider.catalogue().texts().keySet()));
    }

    private static String say(Locale language, String key, Object... values) {
        return in("dev.grantbook.texts.messages", language, key, values);
    }

    private static String inConsole(Locale language, String key, Object... values) {
        return in("dev.grantbook.console.messages", language, key, values);
    }

    private static String in(String bundle, Locale language, String key, Object... values) {
        return new MessageFormat(ResourceBundle.getBundle(bundle, language).getString(key), language).format(values);
    }
}
