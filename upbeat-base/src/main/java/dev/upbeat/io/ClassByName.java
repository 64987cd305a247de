package dev.upbeat.io;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Instantiates and calls user classes that a configuration or the command line names. */
public final class ClassByName {
    private ClassByName() {}

    /**
     * Creates an instance of a class on the class path.
     *
     * @param type interface that the class must implement
     * @param name fully qualified name, a.b.C
     * @param use purpose of the class, with which messages begin
     * @throws BadInputException if there is no such class, or it cannot be used
     */
    public static <T> T load(Class<T> type, String name, String use) {
        try {
            Object instance = Class.forName(name).getConstructor().newInstance();
            if (type.isInstance(instance)) {
                return type.cast(instance);
            }
            throw new BadInputException(refusal(type, name, use, "does not implement " + type.getName()));
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new BadInputException(
                    use + ": class " + name + " is not on the class path (" + e.getMessage()
                            + " is missing); put its jar or directory of classes into UPBEAT_CLASSPATH and write its fully"
                            + " qualified name, a.b.C",
                    e);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new BadInputException(refusal(type, name, use, "cannot be instantiated"), e);
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            throw new BadInputException(refusal(type, name, use, "fails when it is instantiated: " + e.getCause()), e);
        } catch (LinkageError e) { // for example compiled for a later Java version
            throw new BadInputException(refusal(type, name, use, "cannot be loaded: " + e.getMessage()), e);
        }
    }

    /**
     * Calls a method of a user class. Everything it throws, and null, is reported as an error of the class.
     *
     * @param name of the class
     * @param use purpose of the class, with which messages begin
     * @param task what the method should do, for messages, such as "judge row 7"
     * @throws BadInputException if the method throws or returns null; the cause is what it threw
     */
    public static <T> T call(String name, String use, String task, Supplier<? extends @Nullable T> method) {
        T result;
        try {
            result = method.get();
        } catch (BadInputException e) { // the class says that its input is wrong
            throw new BadInputException(use + ": class " + name + " cannot " + task + ": " + e.getMessage(), e);
        } catch (Throwable e) {
            String type = e.getClass().getName() + place(e, name);
            throw new BadInputException(
                    use + ": class " + name + " cannot " + task + ": "
                            + (e.getMessage() == null ? type : e.getMessage() + " (" + type + ")")
                            + "; fix the class or its input",
                    e);
        }
        if (result == null) {
            throw new BadInputException(use + ": class " + name + " cannot " + task
                    + ": it returns null; expected a result for every input: fix the class");
        }
        return result;
    }

    /** File and line of the topmost stack frame in the class, if there is one. */
    private static String place(Throwable e, String name) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().equals(name))
                .findFirst()
                .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
    }

    private static String refusal(Class<?> type, String name, String use, String reason) {
        return use + ": class " + name + " " + reason + "; expected a public class that implements " + type.getName()
                + ", with a public constructor without parameters";
    }
}
