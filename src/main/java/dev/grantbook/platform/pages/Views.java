package dev.grantbook.platform.pages;

import jakarta.faces.application.ViewHandler;
import jakarta.faces.application.ViewHandlerWrapper;
import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;
import jakarta.servlet.RequestDispatcher;
import java.util.regex.Pattern;

/** Links to views by the addresses of {@link Routes}, and keeps all of them free of sessions. */
public class Views extends ViewHandlerWrapper {

    private static final Pattern FILE = Pattern.compile("(/index)?\\.xhtml(?=\\?|$)");

    public Views(ViewHandler wrapped) {
        super(wrapped);
    }

    /** Makes views transient here rather than in the template, so that no page opens a session by omission. */
    @Override
    public UIViewRoot createView(FacesContext context, String viewId) {
        UIViewRoot view = super.createView(context, viewId);
        view.setTransient(true);
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
