/** The calendar that is shipped: it asks nobody, so tests need no other. */
import { rruleCalendar } from '../../adapters/calendar/rrule-calendar.ts';

export const CALENDAR = rruleCalendar();
