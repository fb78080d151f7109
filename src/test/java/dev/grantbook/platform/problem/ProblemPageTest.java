package dev.grantbook.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.pages.Languages;
import org.junit.jupiter.api.Test;

class ProblemPageTest {

    @Test
    void holdsNoForeignMarkup() {
        String page = ProblemPage.write(
                Problem.of(400, "x", "<img src=x onerror=\"alert('1')\"> & more"), "<i>", "/\"><b>", Languages.ENGLISH);

        assertThat(page)
                .contains("<p>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more</p>")
                .contains("href=\"/&quot;&gt;&lt;b&gt;/assets/")
                .contains("Reference: &lt;i&gt;")
                .doesNotContain("<img src=x", "<b>", "<i>");
    }

    @Test
    void withoutAReferenceSaysNothingOfOne() {
        assertThat(ProblemPage.write(Problem.of(404, "x", "Nothing here."), null, "", Languages.ENGLISH))
                .contains("<html lang=\"en\">", "<p>Nothing here.</p>", "href=\"/assets/")
                .doesNotContain("Reference");
    }

    @Test
    void aPageThatIsNotThereLeadsToTheStartPage() {
        assertThat(ProblemPage.write(Problem.standard(404), null, "/grantbook", Languages.ENGLISH))
                .contains("<a class=\"button\" href=\"/grantbook/\">To the start page</a>");
        assertThat(ProblemPage.write(Problem.standard(403), null, "/grantbook", Languages.ENGLISH))
                .doesNotContain("<a ");
    }

    @Test
    void speaksTheVisitorsLanguageWhereItHasWords() {
        Problem problem = Problem.of(403, "other-browser", "This was started in another browser, or too long ago.");

        assertThat(ProblemPage.write(problem, null, "", Languages.CHINESE))
                .contains("<html lang=\"zh\">", "这属于另一个浏览器")
                .doesNotContain("browser, or");
    }

    @Test
    void hasAGeneralReasonInOtherLanguages() {
        assertThat(ProblemPage.write(Problem.of(404, "x", "Nothing here."), null, "", Languages.CHINESE))
                .contains("此地址没有页面")
                .doesNotContain("Nothing here.");
    }

    @Test
    void namesTheFieldInEveryLanguage() {
        assertThat(ProblemPage.write(Problem.field("return_to", "not allowed"), null, "", Languages.CHINESE))
                .contains("<p lang=\"en\">return_to: not allowed</p>");
    }
}
