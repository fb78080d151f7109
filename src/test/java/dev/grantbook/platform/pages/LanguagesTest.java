package dev.grantbook.platform.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
                    ,        ,                                en
                    ,        zh,                              zh
                    ,        zh-CN,                           zh
                    ,        'zh-Hant-TW,zh;q=0.9,en;q=0.8',  zh
                    ,        'en-US,en;q=0.9,zh;q=0.8',       en
                    ,        'sv,zh;q=0.5,en;q=0.3',          zh
                    ,        sv,                              en
                    ,        *,                               en
                    ,        '',                              en
                    ,        'en;q=',                         en
                    ,        ';;,--,\0',                      en
                    zh,      en,                              zh
                    zh-TW,   en,                              zh
                    en-GB,   zh,                              en
                    sv,      zh,                              zh
                    und,     ,                                en
                    """)
    void theLinksWishGoesBeforeTheBrowsers(@Nullable String wish, @Nullable String accepted, String expected) {
        assertThat(Languages.choose(wish == null ? null : Locale.forLanguageTag(wish), accepted))
                .isEqualTo(Locale.forLanguageTag(expected));
    }

    @ParameterizedTest
    @DisplayName("2.19 zh_CN is a language as zh-CN is")
    @CsvSource({"zh_CN, zh-CN", "zh-CN, zh-CN", "zh_Hant_TW, zh-Hant-TW", "EN_us, en-US", "zh, zh"})
    void underscoresAreTaken(String tag, String expected) {
        assertThat(Languages.parseTag(tag)).isEqualTo(Locale.forLanguageTag(expected));
    }
}
