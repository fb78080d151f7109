package dev.grantbook.sandbox.consent;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.account.SandboxAccount;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;

/** A page of an emulated provider. */
public abstract class DialectBacking {

    /** Request attribute: the {@link Dialect} of the page. */
    public static final String DIALECT = "grantbook.sandbox.dialect";

    @Inject
    ProviderCatalogue catalogue;

    @Inject
    HttpServletRequest http;

    public String getProvider() {
        return descriptor().name();
    }

    public SandboxAccount[] getAccounts() {
        return SandboxAccount.values();
    }

    String id() {
        return ((Dialect) http.getAttribute(DIALECT)).id();
    }

    Provider descriptor() {
        return catalogue.find(id()).orElseThrow();
    }

    /** Path that the buttons' addresses begin with. */
    public String getHome() {
        return http.getContextPath() + SandboxClients.HOME + id();
    }

    static Locale locale() {
        return FacesContext.getCurrentInstance().getViewRoot().getLocale();
    }
}
