package dev.grantbook.platform.pages;

import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.application.ViewHandler;
import jakarta.faces.application.ViewHandlerWrapper;
import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;
import jakarta.servlet.RequestDispatcher;
import java.io.IOException;

/** Views under the addresses that {@link Routes} gives them, and without a session where nobody signs in. */
public class Views extends ViewHandlerWrapper {

    private static final String PAGE = "grantbook.page";

    public Views(ViewHandler wrapped) {
        super(wrapped);
    }

    /** Already here and not in the template, so that no page opens a session by forgetting it. */
    @Override
    public UIViewRoot createView(FacesContext context, String viewId) {
        UIViewRoot view = super.createView(context, viewId);
        view.setTransient(!viewId.startsWith("/console/"));
        return view;
    }

    /** Puts into the state whose page it is. */
    @Override
    public void renderView(FacesContext context, UIViewRoot view) throws IOException {
        if (!view.isTransient()) {
            view.getAttributes().put(PAGE, view.getViewId());
        }
        super.renderView(context, view);
    }

    /** A form with another page's state has expired, as one with no state has: it is no fault of ours. */
    @Override
    public UIViewRoot restoreView(FacesContext context, String viewId) {
        UIViewRoot view;
        try {
            view = super.restoreView(context, viewId);
        } catch (ViewExpiredException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ViewExpiredException("the form is not this page's", e, viewId);
        }
        if (view != null
                && !view.isTransient()
                && !viewId.equals(view.getAttributes().get(PAGE))) {
            throw new ViewExpiredException("the form is not this page's", viewId);
        }
        return view;
    }

    /** Forms and links lead to the addresses that people see; a form of the page at hand back to its very address. */
    @Override
    public String getActionURL(FacesContext context, String viewId) {
        Object address = context.getExternalContext().getRequestMap().get(RequestDispatcher.FORWARD_REQUEST_URI);
        UIViewRoot view = context.getViewRoot();
        // Led to from the server's error page, the address at hand is not one that takes forms.
        boolean error = context.getExternalContext().getRequestMap().containsKey(RequestDispatcher.ERROR_STATUS_CODE);
        if (!error && address instanceof String here && view != null && viewId.equals(view.getViewId())) {
            return here;
        }
        return super.getActionURL(context, viewId).replaceFirst("(/index)?\\.xhtml(?=\\?|$)", "");
    }
}
