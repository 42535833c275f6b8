import { child, childText, type Element } from "../xml/element";

/** One entry of `ApiErrors` (REST) or `apiErrors` (notification); empty where the server says nothing. */
export interface ApiError {
  type: string;
  message: string;
  data: string;
}

/** The first error told, whichever way the names are capitalised; nothing when this is no error body. */
export function readApiError(body: Element | undefined): ApiError | undefined {
  if (body?.name.toLowerCase() !== "apierrors") return undefined;
  const error = child(body, "ApiError") ?? child(body, "apiError") ?? body;
  const field = (name: string) => childText(error, name) || childText(error, lowerFirst(name));
  return { type: field("ErrorType"), message: field("ErrorMessage"), data: field("ErrorData") };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
