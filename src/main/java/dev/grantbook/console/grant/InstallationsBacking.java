package dev.grantbook.console.grant;

import dev.grantbook.console.ListAddress;
import dev.grantbook.console.ListBacking;
import dev.grantbook.grant.installation.Installation;
import dev.grantbook.grant.installation.Installations;
import dev.grantbook.grant.installation.Installations.InstallationCursor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** Where the bots are installed, a page at a time. */
@Named("installationList")
@RequestScoped
public class InstallationsBacking extends ListBacking {

    private static final int PAGE = 50;

    @Inject
    Installations installations;

    private List<Installation> rows = List.of();

    @PostConstruct
    void load() {
        ListAddress address = open("/console/installations");
        String after = address.readCursor(text -> InstallationCursor.parse(text).isPresent());
        Installations.InstallationPage page =
                installations.page(null, null, InstallationCursor.parse(after).orElse(null), PAGE);
        rows = page.installations();
        address.setNext(page.next() == null ? null : page.next().cursor());
    }

    public List<Installation> getRows() {
        return rows;
    }
}
