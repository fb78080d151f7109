package dev.grantbook.platform.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {

    @ParameterizedTest
    @CsvSource({
        "{0}请求你的授权, Wallet, Wallet 请求你的授权",
        "{0}请求你的授权, 钱包, 钱包请求你的授权",
        "{0}请求你的授权, 钱包 7, 钱包 7 请求你的授权",
        "前往 {0}, 微信, 前往微信",
        "前往 {0}, Mixin, 前往 Mixin",
        "返回{0}, Wallet, 返回 Wallet",
        "在 {0} 的页面上, 微信, 在微信的页面上",
        "移除{0}，或联系{0}。, Wallet, 移除 Wallet，或联系 Wallet。",
        "已删除 {0}。, 张 三, 已删除张 三。",
        "（{0}）, Wallet, （Wallet）",
        "{0}, 钱包, 钱包",
        "还有{0}, '', 还有"
    })
    void chineseHasSpacesBesideOtherScriptsOnly(String pattern, String value, String filled) {
        assertThat(Texts.fill(Locale.SIMPLIFIED_CHINESE, pattern, value)).isEqualTo(filled);
    }

    @ParameterizedTest
    @CsvSource({"Back to {0}, 钱包, Back to 钱包", "{0} gets {0}, 钱包, 钱包 gets 钱包", "in {0}minutes, 7, in 7minutes"})
    void otherLanguagesKeepTheirSpaces(String pattern, String value, String filled) {
        assertThat(Texts.fill(Locale.ENGLISH, pattern, value)).isEqualTo(filled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"链接在{0}分钟内有效 | 链接在 12 分钟内有效", "{0,number,#}分钟 | 12 分钟"})
    void numbersAreSetOffToo(String pattern, String filled) {
        assertThat(Texts.fill(Locale.SIMPLIFIED_CHINESE, pattern, 12)).isEqualTo(filled);
    }
}
