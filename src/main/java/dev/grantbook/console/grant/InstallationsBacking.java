package dev.grantbook.console.grant;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.console.Address;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.grant.Installation;
import dev.grantbook.grant.Installations;
import dev.grantbook.grant.Installations.InstallationCursor;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/** Where the bots are installed, a page at a time. */
@Named("installationList")
@RequestScoped
public class InstallationsBacking {

    private static final int PAGE = 50;

    @Inject
    Installations installations;

    @Inject
    Connectors connectors;

    @Inject
    TextsBacking say;

    @Inject
    HttpServletRequest request;

    private List<Installation> rows = List.of();
    private String next = "";
    private boolean later;

    @PostConstruct
    void load() {
        Optional<InstallationCursor> after =
                Optional.ofNullable(request.getParameter("after")).flatMap(InstallationCursor::parse);
        later = after.isPresent();
        Installations.InstallationPage part = installations.page(null, null, after.orElse(null), PAGE);
        rows = part.installations();
        if (part.next() != null) {
            next = new Address("/console/installations")
                    .with("after", part.next().cursor())
                    .toString();
        }
    }

    /** What people call the connector. */
    public String bot(Installation installation) {
        return connectors
                .find(installation.connector())
                .map(Connector::name)
                .map(name -> name.in(say.locale()))
                .orElse(installation.connector());
    }

    public List<Installation> getRows() {
        return rows;
    }

    /** Where the next page is; empty at the end. */
    public String getNext() {
        return next;
    }

    public boolean isLater() {
        return later;
    }
}
