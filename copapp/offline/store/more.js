// The words of the pages behind "More": settings, installation, who we are. They come with those pages.
import english from "../i18n/more-en.js";
import { bring } from "./language.js";

bring(english, { fr: () => import("../i18n/more-fr.js"), es: () => import("../i18n/more-es.js"), ru: () => import("../i18n/more-ru.js") });

export const useMoreWords = () => true;
