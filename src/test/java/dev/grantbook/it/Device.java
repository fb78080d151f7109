package dev.grantbook.it;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;

/**
 * What a visitor holds and prefers.
 *
 * @param width of the screen in CSS pixels
 * @param height of the screen in CSS pixels
 * @param phone touched instead of clicked, with two device pixels to a CSS pixel
 * @param scheme light or dark
 * @param locale a BCP 47 language tag, sent as {@code Accept-Language}
 */
record Device(int width, int height, boolean phone, ColorScheme scheme, String locale) {

    static final Device DESKTOP = new Device(1280, 900, false, ColorScheme.LIGHT, "en-US");

    static final Device PHONE = new Device(390, 844, true, ColorScheme.LIGHT, "en-US");

    /** The narrowest that WCAG 2.2, criterion 1.4.10 (reflow), asks for. */
    static final Device SMALL_PHONE = new Device(320, 640, true, ColorScheme.LIGHT, "en-US");

    Device dark() {
        return new Device(width, height, phone, ColorScheme.DARK, locale);
    }

    Device speaking(String language) {
        return new Device(width, height, phone, scheme, language);
    }

    NewContextOptions options() {
        return new NewContextOptions()
                .setViewportSize(width, height)
                .setDeviceScaleFactor(phone ? 2 : 1)
                .setHasTouch(phone)
                .setIsMobile(phone)
                .setColorScheme(scheme)
                .setLocale(locale);
    }
}
