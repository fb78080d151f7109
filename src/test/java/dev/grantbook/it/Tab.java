package dev.grantbook.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a visitor does in a browser tab. Things are named as people name them, by what is written on them; every verb
 * waits until it can act and what it sees waits until it is there, so tests never sleep. For the rest there is
 * {@link #page()}.
 */
class Tab {

    /** A whole trip of redirects may lie between a click and the text. */
    private static final ContainsTextOptions WITHIN =
            new ContainsTextOptions().setUseInnerText(true).setTimeout(60_000);

    private static final boolean PICTURES = Boolean.getBoolean("it.pictures");

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final Page page;

    private final List<String> complaints = new ArrayList<>();

    Tab(Page page) {
        this.page = page;
        page.onConsoleMessage(message -> {
            if ("error".equals(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** Another tab of the same visitor, sharing the cookies. */
    Tab another() {
        return new Tab(page.context().newPage());
    }

    /**
     * Opens an address.
     *
     * @param address a path on the server under test, or an absolute URL
     */
    Tab go(String address) {
        page.navigate(address);
        return this;
    }

    /** Presses the button of this name. */
    Tab press(String button) {
        return act(page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true)));
    }

    /** Follows the link of this name. */
    Tab follow(String link) {
        return act(page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(link).setExact(true)));
    }

    /** Writes into the field of this label. */
    Tab fill(String label, String text) {
        field(label).fill(text);
        return this;
    }

    Tab tick(String label) {
        field(label).check();
        return this;
    }

    Tab untick(String label) {
        field(label).uncheck();
        return this;
    }

    /** Waits until the text can be read on the page. */
    Tab sees(String text) {
        assertThat(body()).containsText(text, WITHIN);
        return this;
    }

    /**
     * Waits until the text cannot be read on the page; after {@link #sees}, or it may hold before the page is there.
     */
    Tab seesNo(String text) {
        assertThat(body()).not().containsText(text, WITHIN);
        return this;
    }

    /** Fails when the page must be scrolled sideways. */
    Tab fits() {
        Object width = page.evaluate("() => document.documentElement.scrollWidth");
        assertThat((Integer) width).as("width of " + page.url()).isLessThanOrEqualTo(page.viewportSize().width);
        return this;
    }

    /**
     * Keeps a picture of the whole page in {@code target/screenshots}, for people to look at; in a nightly run only.
     */
    Tab screenshot(String name) {
        if (!PICTURES) {
            return this;
        }
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true)
                .setAnimations(ScreenshotAnimations.DISABLED));
        return this;
    }

    /**
     * What the browser reported as errors so far: failed scripts, refused resources, a violated
     * Content-Security-Policy.
     */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    Page page() {
        return page;
    }

    private Tab act(Locator target) {
        target.click();
        page.waitForLoadState();
        return this;
    }

    private Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    private Locator body() {
        return page.locator("body");
    }
}
