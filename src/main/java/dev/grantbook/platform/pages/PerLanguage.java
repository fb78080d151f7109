package dev.grantbook.platform.pages;

import java.util.Locale;
import java.util.ResourceBundle;
import java.util.function.Function;

/** What is made once for each of {@link Languages}. */
public record PerLanguage<T>(T english, T chinese) {

    static <T> PerLanguage<T> make(Function<Locale, T> making) {
        return new PerLanguage<>(making.apply(Languages.ENGLISH), making.apply(Languages.CHINESE));
    }

    public static PerLanguage<ResourceBundle> readTexts(String bundle) {
        return make(language -> ResourceBundle.getBundle(bundle, language));
    }

    /** @param locale any; what is none of our languages gets English */
    public T in(Locale locale) {
        return Languages.isChinese(locale) ? chinese : english;
    }
}
