package dev.grantbook.sandbox.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.catalogue.ConsentChoice;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.facebook.FacebookDialect;
import dev.grantbook.sandbox.mixin.MixinDialect;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The consent pages of the sandbox let users leave out what the pages before them say, scope by scope. */
class ConsentChoiceTest {

    private static final ProviderCatalogue CATALOGUE = TestProviders.catalogue(Settings.read());

    private static final URI CALLBACK = URI.create("https://grantbook.example/oauth/callback/bot");

    private static final Map<String, Dialect> DIALECTS = Stream.of(
                    new DiscordDialect(),
                    new EntraDialect(),
                    new FacebookDialect(),
                    new GithubDialect(),
                    new GoogleDialect(),
                    new IntercomDialect(),
                    new KakaoDialect(),
                    new LineDialect(),
                    new MixinDialect(),
                    new OAuthDialect(),
                    new OpenIdDialect(),
                    new SlackDialect(),
                    new TelegramDialect(),
                    new XenoDialect(),
                    new ZoomDialect())
            .collect(Collectors.toMap(Dialect::id, dialect -> dialect));

    static Stream<String> providers() {
        return CATALOGUE.all().stream().map(Provider::id);
    }

    @Test
    void noProviderIsLeftOut() {
        assertThat(DIALECTS.keySet()).isEqualTo(providers().collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("providers")
    @DisplayName("1.2 The consent page lets the user leave out what the descriptor says, scope by scope")
    void theDescriptorAndTheConsentPageAgree(String id) {
        Provider provider = CATALOGUE.find(id).orElseThrow();
        Scopes known = provider.catalogue().texts().isEmpty()
                ? Scopes.of("mail.read", "mail.send")
                : Scopes.of(List.copyOf(provider.catalogue().texts().keySet()));
        // One by one: no app has all of them, and the page refuses what the app does not have.
        List<ConsentQuestion> asks = known.toList().stream()
                .map(scope -> ask(provider, provider.catalogue().always().plus(Scopes.of(scope))))
                .flatMap(Optional::stream)
                .toList();

        assertThat(asks).isNotEmpty().allSatisfy(ask -> {
            if (provider.catalogue().choice() == ConsentChoice.NONE) {
                assertThat(ask.scopes()).isEmpty();
            }
            assertThat(ask.scopes().minus(ask.fixed()).tokens())
                    .isEqualTo(ask.scopes().toList().stream()
                            .filter(provider.catalogue()::canBeLeftOut)
                            .collect(Collectors.toSet()));
        });
    }

    /** The request is what Grantbook itself sends; empty when the page does not ask. */
    private static Optional<ConsentQuestion> ask(Provider provider, Scopes scopes) {
        Connector bot = TestConnectors.of(
                "{\"provider\": \"" + provider.id() + "\", \"client-id\": \"bot-1\", \"client-secret\": \"env:X\","
                        + " \"default-scopes\": [\"mail.read\", \"mail.send\"]}",
                provider);
        ClientRegistration client = TestProviders.bot(provider);
        Parameters request = client.authorizationRequest(
                scopes,
                new Secret("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"),
                new Pkce(new Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
                false,
                null);
        if (client.expectsIdToken(scopes)) {
            request.with("nonce", "n-0S6_WzA2Mj");
        }
        try {
            return Optional.of(Objects.requireNonNull(DIALECTS.get(provider.id()))
                    .read(new ConsentRequest(request, bot, CALLBACK)));
        } catch (ConsentRefusal refusal) {
            return Optional.empty();
        }
    }
}
