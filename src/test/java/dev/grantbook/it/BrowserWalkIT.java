package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The whole walk as a newcomer takes it, in a real browser, with the sample bot that {@code ./mvnw} serves. */
@ArquillianTest
@RunAsClient
class BrowserWalkIT {

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

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("moreDevices")
    void theWalkIsOpenOnMoreDevices(Device device) {
        theWalkIsOpenToEverybody(device);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theWalkIsOpenToEverybody(Device device) {
        AuditedTab tab = browser.openForAudit(device);
        tab.go("/").fits();
        tab.axe();
        tab.press("Try the demo bot")
                .sees("Ledger Bot")
                .sees("To add up what you own")
                .fits();
        tab.axe();
        tab.press("Continue to Mixin Messenger").sees("Sandbox").fits();
        tab.axe();
        tab.untick("Your transfers")
                .press("Authorize")
                .sees("Portfolio")
                .sees("Your transfers")
                .fits();
        tab.axe();
        tab.press("Allow the rest")
                .press("Authorize")
                .sees("Portfolio")
                .seesNo("Allow the rest")
                .fits();
        tab.axe();
        tab.go("/permissions").sees("Your assets").fits();
        tab.axe();
    }

    @Test
    void theWalkNeedsNoScripts() {
        browser.openWithoutScripts(Device.PHONE)
                .go("/")
                .press("Try the demo bot")
                .press("Continue to Mixin Messenger")
                .untick("Your transfers")
                .untick("Your contacts")
                .press("Authorize")
                .sees("Your transfers")
                .press("Allow the rest")
                .press("Authorize")
                .seesNo("Allow the rest");
    }

    @Test
    void nothingIsRefusedByTheContentSecurityPolicy() {
        Tab tab = browser.open(Device.PHONE)
                .go("/")
                .press("Try the demo bot")
                .screenshot("landing")
                .press("Continue to Mixin Messenger")
                .screenshot("consent")
                .untick("Your transfers")
                .press("Authorize")
                .sees("Your transfers")
                .screenshot("outcome");
        tab.press("Allow the rest").press("Authorize").screenshot("outcome-all");
        tab.go("/permissions").screenshot("permissions");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void theConsoleListsTheUserTheScopesAndTheHistory() {
        for (Device device : new Device[] {Device.PHONE, Device.SMALL_PHONE, Device.DESKTOP}) {
            Tab visitor = browser.open(device)
                    .go("/")
                    .press("Try the demo bot")
                    .press("Continue to Mixin Messenger")
                    .untick("Your contacts");
            if (device.phone()) {
                visitor.untick("Your transfers");
            }
            visitor.press("Authorize").sees("Pay a friend");
        }
        Tab admin = browser.open(Device.DESKTOP)
                .go("/sign-in")
                .fill("Name", "admin")
                .fill("Password", DemoSuite.PASSWORD)
                .press("Sign in")
                .go("/console/grants?missing=SNAPSHOTS:READ")
                .sees("Your transfers")
                .go("/console/grants")
                .screenshot("console");
        admin.page().locator("td a").first().click();
        admin.sees("History").sees("the user").sees("Your contacts").screenshot("console-user");
        assertThat(admin.complaints()).isEmpty();
    }

    @Test
    void aRefusalIsTakenCalmly() {
        browser.open(Device.PHONE)
                .go("/")
                .press("Try the demo bot")
                .press("Continue to Mixin Messenger")
                .press("Cancel")
                .sees("Try again")
                .screenshot("outcome-refused");
    }

    @Test
    void pagesSpeakChinese() {
        browser.open(Device.PHONE.speaking("zh-CN"))
                .go("/")
                .screenshot("start-zh")
                .go("/outcome/unknown")
                .screenshot("outcome-unknown-zh");
    }
}
