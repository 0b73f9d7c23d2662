declare const brand: unique symbol;

/** A value that must not be swapped with another of the same shape. One parse function makes each brand. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
