package dev.grantbook.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Set;

/** A tab in which axe-core can look for what shuts people out; only {@link Browser#openForAudit} opens one. */
final class AuditedTab extends Tab {

    private static final Set<String> GRAVE = Set.of("serious", "critical");

    AuditedTab(Page page) {
        super(page);
    }

    /** Fails when axe finds serious or critical violations on the page as it is now, and lists them. */
    AuditedTab axe() {
        List<Rule> grave = new AxeBuilder(page())
                .analyze().getViolations().stream()
                        .filter(rule -> GRAVE.contains(rule.getImpact()))
                        .toList();
        assertThat(grave)
                .withFailMessage(() -> grave.stream()
                        .map(AuditedTab::describe)
                        .collect(joining("\n", "axe on " + page().url() + ":\n", "")))
                .isEmpty();
        return this;
    }

    private static String describe(Rule rule) {
        return rule.getNodes().stream()
                .map(node -> "    " + node.getTarget() + " " + node.getHtml())
                .collect(joining(
                        "\n", "- " + rule.getId() + " (" + rule.getImpact() + "): " + rule.getHelp() + "\n", ""));
    }
}
