package dev.grantbook.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each form of the console begins with the token of its session: without it, it is not taken. */
class ConsoleFormsTest {

    private static final Path PAGES = Path.of("src/main/webapp");

    @Test
    void everyFormHasTheToken() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.list(PAGES.resolve("console"))) {
            pages = files.filter(file -> !file.endsWith("sign-in.xhtml")).collect(Collectors.toList());
        }
        pages.add(PAGES.resolve("WEB-INF/templates/console.xhtml"));

        for (Path page : pages) {
            String[] forms = Files.readString(page).split("<h:form [^>]*>", -1);
            assertThat(List.of(forms).subList(1, forms.length))
                    .as(page.toString())
                    .allMatch(form -> form.stripLeading().startsWith("<gb:csrf/>"));
        }
        assertThat(Files.readString(PAGES.resolve("WEB-INF/tags/csrf.xhtml")))
                .contains("name=\"" + ConsoleFilter.FORM_TOKEN + "\"");
    }
}
