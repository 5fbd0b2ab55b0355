//! The replies in German.

use super::Reply;

pub(super) const fn text(reply: Reply) -> &'static str {
    match reply {
        Reply::WhoAreYou => {
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Bevor wir uns Zahlungen ansehen, müssen wir sicher sein, dass wir der Inhaberin oder dem Inhaber des Kontos schreiben. Bitte schreiben Sie uns noch einmal von der E-Mail-Adresse, mit der das Konto registriert ist, und nennen Sie die Rechnungsnummer oder Datum und Betrag. Bitte senden Sie keine Kartennummern oder Passwörter.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::WhichCharge => {
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir möchten genau die richtige Zahlung prüfen und konnten nicht eindeutig erkennen, welche Sie meinen. Bitte nennen Sie uns die Rechnungsnummer oder Datum und genauen Betrag, wie sie auf Ihrem Auszug stehen, und ob es um den ganzen Betrag oder einen Teil geht. Bitte senden Sie keine Kartennummern.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::AlreadyRefunded => {
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Die genannte Zahlung ist bei uns als vollständig erstattet vermerkt. Je nach Bank kann es einige Werktage dauern, bis eine Erstattung auf dem Auszug erscheint. Falls sie nach zehn Werktagen noch fehlt, nennen Sie uns bitte Datum und Betrag von Ihrem Auszug, dann gehen wir der Sache mit Ihnen nach.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::NotAmongYours => {
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir haben die genannte Zahlung unter den Zahlungen des Kontos gesucht, das zu Ihrer E-Mail-Adresse gehört; sie ist nicht darunter. Falls Sie auch über ein anderes Konto zahlen, schreiben Sie uns bitte von der Adresse, mit der es registriert ist. Wenn Sie eine Zahlung auf Ihrem Auszug nicht zuordnen können, hilft Ihnen Ihre Bank weiter. Über Zahlungen sprechen wir nur mit der Inhaberin oder dem Inhaber des Kontos. Bitte senden Sie keine Kartennummern.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Billing => {
            "Guten Tag,\n\nvielen Dank für Ihre Frage zur Abrechnung. Sie liegt bei unserer Buchhaltung. Falls noch nicht geschehen, helfen uns die Rechnungsnummer und der Zeitraum, um den es geht. Bitte senden Sie keine Kartennummern.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Ending => {
            "Guten Tag,\n\nes tut uns leid, dass es so weit gekommen ist und dass Sie warten mussten. Ihr Wunsch, das Abonnement zu beenden, liegt bei unserer Buchhaltung. Solange Sie hier nicht lesen, dass es beendet ist, hat sich an Ihrem Konto nichts geändert. Falls wir noch etwas wissen sollten, zum Beispiel ab welchem Tag es enden soll, antworten Sie einfach auf diese Nachricht. Karten- oder Kontonummern brauchen Sie nicht zu senden.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::WhichSubscription => {
            "Guten Tag,\n\nwir bedauern, dass Sie uns verlassen möchten, und haben Ihren Wunsch vermerkt. Damit wir das richtige Abonnement beenden, schreiben Sie uns bitte von der E-Mail-Adresse, mit der das Konto registriert ist, nennen Sie den Tarif oder Arbeitsbereich, und sagen Sie uns, ob es sofort oder zum Ende des bezahlten Zeitraums enden soll.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Password => {
            "Guten Tag,\n\nein neues Passwort können Sie selbst setzen: Öffnen Sie die Anmeldeseite, wählen Sie \"Passwort vergessen\" und geben Sie die E-Mail-Adresse Ihres Kontos ein. Sie erhalten einen Link, der einmal gültig ist. Falls nach einigen Minuten nichts ankommt, sehen Sie bitte im Spam-Ordner nach und prüfen Sie, ob es die registrierte Adresse ist. Wir brauchen Ihr Passwort nie; bitte senden Sie es uns nicht. Wenn es weiterhin nicht klappt, antworten Sie einfach auf diese Nachricht.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::ResetMail => {
            "Guten Tag,\n\nvielen Dank für den Hinweis; es tut uns leid, dass die Nachricht zum Zurücksetzen nicht ankommt. Bitte prüfen Sie, ob Sie sie mit der Adresse anfordern, mit der Ihr Konto registriert ist, und ob ein Filter oder das Mailsystem Ihrer Firma sie zurückhält. Damit wir auf unserer Seite suchen können, nennen Sie uns bitte, wann Sie sie zuletzt angefordert haben und ob Sie dort noch Mails lesen können. Wir brauchen nie ein Passwort oder einen Code; bitte senden Sie uns beides nicht.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Access => {
            "Guten Tag,\n\nvielen Dank für den Hinweis, dass Sie sich nicht anmelden können. Wir gehen dem nach. Es hilft uns zu wissen, wann es zuletzt ging, ob auch andere betroffen sind, und wie die Meldung genau lautet. Bitte senden Sie keine Passwörter oder Bestätigungscodes; niemand von uns wird Sie danach fragen.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::LeakedSecret => {
            "Guten Tag,\n\nvielen Dank für die Mitteilung. Ein Schlüssel oder Passwort, das andere gesehen haben könnten, gilt als bekannt. Bitte widerrufen Sie es sofort, erzeugen Sie ein neues, ersetzen Sie es überall, wo es verwendet wird, und sehen Sie Ihre letzten Aktivitäten auf Unbekanntes durch. Bitte senden Sie uns das neue nicht. Wir behandeln dies als Sicherheitsvorfall.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Incident => {
            "Guten Tag,\n\nvielen Dank für die schnelle Meldung. Wir behandeln sie als Sicherheitsfall. Bitte ändern Sie inzwischen Ihr Passwort von einem vertrauenswürdigen Gerät, melden Sie alle anderen Sitzungen ab und schalten Sie die Bestätigung in zwei Schritten ein. Bewahren Sie verdächtige Nachrichten auf und sagen Sie uns, wann es Ihnen zuerst auffiel. Senden Sie uns keine Passwörter oder Codes.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Deletion => {
            "Guten Tag,\n\nwir haben Ihre Anfrage zu Ihren personenbezogenen Daten erhalten. Bevor etwas geschieht, muss sicher sein, dass sie von der Kontoinhaberin oder dem Kontoinhaber kommt; bitte schreiben Sie uns deshalb von der Adresse, mit der das Konto registriert ist. Falls Sie nur einen Teil der Daten meinen, nennen Sie ihn bitte. Bitte senden Sie keine Ausweiskopien, solange wir nicht darum bitten.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Outage => {
            "Guten Tag,\n\nvielen Dank für den Hinweis. Wir nehmen ihn ernst und gehen ihm nach. Wenn möglich, nennen Sie uns bitte, seit wann das auftritt, welcher Bereich betroffen ist, wie viele Personen nicht arbeiten können, und den genauen Wortlaut der Meldung. Bitte antworten Sie in diesem Ticket, damit alles an einer Stelle bleibt.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Bug => {
            "Guten Tag,\n\nvielen Dank für die Meldung; so soll es nicht sein. Damit wir das nachstellen können, beschreiben Sie bitte die Schritte, die dazu führen, was Sie erwartet haben, was Sie stattdessen sahen, und welchen Browser oder welche App-Version Sie verwenden. Ein Bildschirmfoto ohne personenbezogene Daten hilft. Bitte antworten Sie in diesem Ticket, damit alles an einer Stelle bleibt.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::HowTo => {
            "Guten Tag,\n\nvielen Dank für Ihre Frage. Sie liegt bei unserem Support. Für genaue Schritte hilft es uns zu wissen, auf welcher Seite Sie sind und was Sie am Ende erreichen möchten. Falls Sie eine Fehlermeldung sehen, senden Sie uns bitte den Wortlaut mit.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Feature => {
            "Guten Tag,\n\nvielen Dank für den Vorschlag. Wir haben ihn in diesem Ticket festgehalten. Ob und wann er umgesetzt wird, können wir noch nicht sagen, aber solche Wünsche helfen bei der Entscheidung, was als Nächstes kommt. Wenn Sie mögen, beschreiben Sie uns, was Sie damit erledigen möchten und wie Sie es heute tun.\n\nMit freundlichen Grüßen\nIhr Support"
        }
        Reply::Other => {
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Sie ist bei uns angekommen und liegt jemandem aus unserem Team vor. Bitte ergänzen Sie, wenn möglich, was wir für Sie tun sollen und, falls es um eine bestimmte Bestellung, Rechnung oder Seite geht, um welche. Bitte senden Sie keine Passwörter oder Kartennummern.\n\nMit freundlichen Grüßen\nIhr Support"
        }
    }
}
