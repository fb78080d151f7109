package dev.grantbook.platform.pages;

import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.application.ViewHandler;
import jakarta.faces.application.ViewHandlerWrapper;
import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;
import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import java.util.regex.Pattern;

/** Links to views by the addresses of {@link Routes}, and keeps views outside the console free of sessions. */
public class Views extends ViewHandlerWrapper {

    private static final String PAGE = "grantbook.page";

    private static final Pattern FILE = Pattern.compile("(/index)?\\.xhtml(?=\\?|$)");

    public Views(ViewHandler wrapped) {
        super(wrapped);
    }

    /** Makes views transient here rather than in the template, so that no page opens a session by omission. */
    @Override
    public UIViewRoot createView(FacesContext context, String viewId) {
        UIViewRoot view = super.createView(context, viewId);
        view.setTransient(!viewId.startsWith("/console/"));
        return view;
    }

    /** Stores in the state to which page it belongs. */
    @Override
    public void renderView(FacesContext context, UIViewRoot view) throws IOException {
        if (!view.isTransient()) {
            view.getAttributes().put(PAGE, view.getViewId());
        }
        super.renderView(context, view);
    }

    /** Treats a form that carries another page's state as expired, like one that carries none. */
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

    /** Forms and links point to public addresses; a form of the current page to exactly the current address. */
    @Override
    public String getActionURL(FacesContext context, String viewId) {
        Object address = context.getExternalContext().getRequestMap().get(RequestDispatcher.FORWARD_REQUEST_URI);
        UIViewRoot view = context.getViewRoot();
        // The address of a request that ended on the error page does not take forms.
        boolean error = context.getExternalContext().getRequestMap().containsKey(RequestDispatcher.ERROR_STATUS_CODE);
        if (!error && address instanceof String here && view != null && viewId.equals(view.getViewId())) {
            return here;
        }
        return FILE.matcher(super.getActionURL(context, viewId)).replaceFirst("");
    }
}
