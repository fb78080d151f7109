package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sandbox's chat on a web page, in a real browser: another tab opens, closes by itself, and the chat goes on. */
@ArquillianTest
@RunAsClient
class WebChatIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return DemoSuite.war();
    }

    static Stream<Named<Device>> devices() {
        return Stream.of(
                Named.of("small phone in the dark", Device.SMALL_PHONE.dark()), Named.of("desktop", Device.DESKTOP));
    }

    static Stream<Named<Device>> moreDevices() {
        return Stream.of(Named.of("phone", Device.PHONE), Named.of("desktop in the dark", Device.DESKTOP.dark()));
    }

    @Test
    void theChatGoesOnByItselfWhenItsUserIsBack() {
        Tab chat = browser.open(Device.DESKTOP).go("/").follow("Or try it in a chat on a web page");
        Tab trip = opened(chat.press("Show my portfolio").sees("I need your permission"));

        trip.press("Continue to Mixin Messenger");
        authorize(trip);

        chat.sees("Here it is, Alice").sees("Bitcoin").screenshot("web-chat-linked");
        assertThat(trip.page().isClosed()).isTrue();
        assertThat(chat.complaints()).isEmpty();
        assertThat(trip.complaints()).isEmpty();
    }

    @Test
    void theChatNoticesThatItsUserTookThePermissionBack() {
        Tab chat = linked();
        Tab settings = chat.another().go("/sandbox/at/mixin/authorizations");
        settings.page()
                .waitForResponse(
                        reply -> reply.request().method().equals("POST"),
                        () -> settings.page()
                                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Revoke"))
                                .first()
                                .click());

        chat.press("Show my portfolio")
                .sees("no longer accepts your permission")
                .seesNo("Bitcoin");

        authorize(opened(chat).press("Continue to Mixin Messenger"));
        chat.sees("Bitcoin").press("Log out").seesNo("Bitcoin");
        chat.press("Show my portfolio").sees("I need your permission");
    }

    @Test
    void theChatNeedsNoScripts() {
        Tab chat = browser.openWithoutScripts(Device.PHONE)
                .go("/sandbox/web-chat")
                .press("Show my portfolio")
                .sees("I need your permission");
        Tab trip = opened(chat);

        trip.press("Continue to Mixin Messenger").press("Authorize").sees("Go back to the chat");
        assertThat(trip.page().isClosed()).isFalse();
        trip.screenshot("linked");

        chat.sees("I need your permission").follow("Continue").sees("Bitcoin");
    }

    @Test
    void whatIsMissingIsToldOnTheWayBack() {
        Tab chat = browser.open(Device.PHONE).go("/sandbox/web-chat").press("Show my portfolio");
        Tab trip = opened(chat);

        trip.press("Continue to Mixin Messenger")
                .untick("Your transfers")
                .press("Authorize")
                .sees("Your transfers");
        closes(
                trip,
                () -> trip.page()
                        .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Back to Ledger Bot"))
                        .click());

        chat.sees("You have not allowed everything I need");
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("moreDevices")
    void theChatIsOpenOnMoreDevices(Device device) {
        theChatIsOpenToEverybody(device);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theChatIsOpenToEverybody(Device device) {
        AuditedTab chat = browser.openForAudit(device);
        chat.go("/sandbox/web-chat").sees("Ledger Bot").fits();
        chat.axe();
        chat.press("Show my portfolio").sees("I need your permission").fits().screenshot("web-chat-" + name(device));
        chat.axe();
        authorize(opened(chat).press("Continue to Mixin Messenger"));
        chat.sees("Bitcoin").fits().screenshot("web-chat-linked-" + name(device));
        chat.axe();
        chat.go("/linked/over").sees("This page has expired").fits().screenshot("linked-over-" + name(device));
        chat.axe();
    }

    @Test
    void theChatSpeaksChinese() {
        browser.open(Device.PHONE.speaking("zh-CN"))
                .go("/sandbox/web-chat")
                .press("查看我的资产")
                .sees("为此我需要你的授权")
                .screenshot("web-chat-zh");
    }

    private static Tab linked() {
        Tab chat = browser.open(Device.PHONE).go("/sandbox/web-chat").press("Show my portfolio");
        authorize(opened(chat).press("Continue to Mixin Messenger"));
        return chat.sees("Bitcoin");
    }

    /** The tab that the bot's link opens. */
    private static Tab opened(Tab chat) {
        Page opened = chat.page()
                .waitForPopup(() -> chat.page()
                        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Give permission"))
                        .click());
        return new Tab(opened);
    }

    /** Allows what is ticked; the tab closes by itself. */
    private static void authorize(Tab trip) {
        closes(
                trip,
                () -> trip.page()
                        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Authorize"))
                        .click());
    }

    private static void closes(Tab trip, Runnable act) {
        trip.page().waitForClose(act);
    }

    private static String name(Device device) {
        return device.width() + "-" + device.scheme().name().toLowerCase(Locale.ROOT);
    }
}
