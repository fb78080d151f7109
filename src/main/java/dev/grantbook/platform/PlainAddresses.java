package dev.grantbook.platform;

import jakarta.faces.application.ViewHandler;
import jakarta.faces.application.ViewHandlerWrapper;
import jakarta.faces.context.FacesContext;

/** Gives forms and links the addresses that people see, the ones {@link Routes} leads to views, without file names. */
public class PlainAddresses extends ViewHandlerWrapper {

    public PlainAddresses(ViewHandler wrapped) {
        super(wrapped);
    }

    @Override
    public String getActionURL(FacesContext context, String viewId) {
        return super.getActionURL(context, viewId).replaceFirst("(/index)?\\.xhtml(?=\\?|$)", "");
    }
}
