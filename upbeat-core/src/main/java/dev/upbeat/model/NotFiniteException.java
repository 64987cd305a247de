package dev.upbeat.model;

import dev.upbeat.io.BadInputException;

/** A model whose weights, or what it makes of them, are no finite numbers: a damaged file, or a training that diverged. */
public final class NotFiniteException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NotFiniteException(String message) {
        super(message);
    }
}
