package dev.grantbook.platform;

import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;
import org.primefaces.context.PrimeFacesContext;

/**
 * Keeps pages for everybody without a session. PrimeFaces makes a nonce for the scripts of each Faces page and keeps it in the
 * view's own map, which the server keeps in a session: memory for whoever asks. Only the console's pages have scripts.
 */
public class PagesWithoutSession implements PhaseListener {

    private static final long serialVersionUID = 1L;

    private static final String SIGN_IN = "/console/sign-in.xhtml";

    @Override
    public void beforePhase(PhaseEvent event) {
        String view = event.getFacesContext().getExternalContext().getRequestServletPath();
        boolean console = view.equals("/console") || (view.startsWith("/console/") && !view.equals(SIGN_IN));
        if (!console) {
            // Then PrimeFaces does nothing about it.
            PrimeFacesContext.getCspState(event.getFacesContext()).setInitialized(true);
        }
    }

    @Override
    public void afterPhase(PhaseEvent event) {
        // The nonce would be made later, before the page is rendered.
    }

    @Override
    public PhaseId getPhaseId() {
        return PhaseId.RESTORE_VIEW;
    }
}
