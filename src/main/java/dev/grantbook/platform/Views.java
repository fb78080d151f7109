package dev.grantbook.platform;

import jakarta.faces.application.ViewHandler;
import jakarta.faces.application.ViewHandlerWrapper;
import jakarta.faces.component.UIViewRoot;
import jakarta.faces.context.FacesContext;

/** Views under the addresses that {@link Routes} gives them, and without a session where nobody signs in. */
public class Views extends ViewHandlerWrapper {

    public Views(ViewHandler wrapped) {
        super(wrapped);
    }

    /** Already here and not in the template: PrimeFaces asks before the template is read, and would open a session. */
    @Override
    public UIViewRoot createView(FacesContext context, String viewId) {
        UIViewRoot view = super.createView(context, viewId);
        view.setTransient(!viewId.startsWith("/console/"));
        return view;
    }

    /** Forms and links lead to the addresses that people see. */
    @Override
    public String getActionURL(FacesContext context, String viewId) {
        return super.getActionURL(context, viewId).replaceFirst("(/index)?\\.xhtml(?=\\?|$)", "");
    }
}
