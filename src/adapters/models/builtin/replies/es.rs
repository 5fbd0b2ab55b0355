//! The replies in Spanish.

use super::Reply;

pub(super) const fn text(reply: Reply) -> &'static str {
    match reply {
        Reply::WhoAreYou => {
            "Hola:\n\ngracias por su mensaje. Antes de revisar pagos tenemos que estar seguros de que escribimos a la persona titular de la cuenta. Escríbanos de nuevo desde la dirección de correo con la que está registrada la cuenta e indique el número de factura o la fecha y el importe. No envíe números de tarjeta ni contraseñas.\n\nUn saludo\nSoporte"
        }
        Reply::WhichCharge => {
            "Hola:\n\ngracias por su mensaje. Queremos revisar exactamente el pago correcto y no hemos podido saber a cuál se refiere. Indíquenos el número de factura, o la fecha y el importe exacto tal como figuran en su extracto, y si pide la totalidad o una parte. No envíe números de tarjeta.\n\nUn saludo\nSoporte"
        }
        Reply::AlreadyRefunded => {
            "Hola:\n\ngracias por su mensaje. El pago que menciona figura en nuestro sistema como reembolsado por completo. Según el banco, un reembolso puede tardar varios días laborables en aparecer en el extracto. Si sigue sin aparecer después de diez días laborables, indíquenos la fecha y el importe de su extracto y lo revisaremos con usted.\n\nUn saludo\nSoporte"
        }
        Reply::NotAmongYours => {
            "Hola:\n\ngracias por su mensaje. Hemos buscado el pago que menciona entre los de la cuenta que corresponde a su dirección de correo, y no está entre ellos. Si también paga desde otra cuenta, escríbanos desde la dirección con la que está registrada. Si no reconoce un pago en su extracto, su banco puede informarle. Solo hablamos de pagos con la persona titular de la cuenta. No envíe números de tarjeta.\n\nUn saludo\nSoporte"
        }
        Reply::Billing => {
            "Hola:\n\ngracias por su consulta sobre la facturación. La tiene nuestro equipo de facturación. Si aún no lo ha hecho, ayuda que nos indique el número de factura y el periodo al que se refiere. No envíe números de tarjeta.\n\nUn saludo\nSoporte"
        }
        Reply::Ending => {
            "Hola:\n\nlamentamos que se haya llegado a esto y que haya tenido que esperar. Su petición de terminar la suscripción la tiene nuestro equipo de facturación. Mientras no lea aquí que ha terminado, nada ha cambiado en su cuenta. Si hay algo más que debamos saber, por ejemplo desde qué día debe terminar, responda a este mensaje. No hace falta que envíe números de tarjeta ni de cuenta.\n\nUn saludo\nSoporte"
        }
        Reply::WhichSubscription => {
            "Hola:\n\nlamentamos que quiera dejarnos y hemos anotado su petición. Para terminar la suscripción correcta, escríbanos desde la dirección de correo con la que está registrada la cuenta, indique el plan o espacio de trabajo y díganos si debe terminar ahora o al final del periodo ya pagado.\n\nUn saludo\nSoporte"
        }
        Reply::Password => {
            "Hola:\n\npuede elegir usted una contraseña nueva: abra la página de inicio de sesión, elija \"He olvidado mi contraseña\" e introduzca la dirección de correo de su cuenta. Recibirá un enlace que vale una sola vez. Si no llega nada en unos minutos, mire en la carpeta de correo no deseado y compruebe que es la dirección registrada. Nunca necesitamos su contraseña; no nos la envíe. Si sigue sin funcionar, responda a este mensaje.\n\nUn saludo\nSoporte"
        }
        Reply::ResetMail => {
            "Hola:\n\ngracias por avisarnos; lamentamos que el mensaje para restablecer la contraseña no le llegue. Compruebe que lo pide con la dirección con la que está registrada la cuenta y que ningún filtro ni el correo de su empresa lo retiene. Para que podamos buscarlo por nuestra parte, díganos cuándo lo pidió por última vez y si todavía puede leer ese correo. Nunca necesitamos su contraseña ni un código; no nos los envíe.\n\nUn saludo\nSoporte"
        }
        Reply::Access => {
            "Hola:\n\ngracias por avisarnos de que no puede entrar. Lo estamos revisando. Nos ayuda saber cuándo funcionó por última vez, si hay más personas afectadas y el texto exacto del mensaje que ve. No envíe contraseñas ni códigos de verificación; nadie de nuestro equipo se los pedirá.\n\nUn saludo\nSoporte"
        }
        Reply::LeakedSecret => {
            "Hola:\n\ngracias por avisarnos. Una clave o contraseña que otros hayan podido ver debe darse por conocida. Revóquela de inmediato, cree una nueva, sustitúyala donde se use y revise su actividad reciente por si hay algo que no reconozca. No nos envíe la nueva. Lo tratamos como un asunto de seguridad.\n\nUn saludo\nSoporte"
        }
        Reply::Incident => {
            "Hola:\n\ngracias por avisar tan pronto. Lo tratamos como un asunto de seguridad. Mientras tanto, cambie su contraseña desde un dispositivo de confianza, cierre las demás sesiones y active la verificación en dos pasos. Conserve los mensajes sospechosos y díganos cuándo lo notó por primera vez. No envíe contraseñas ni códigos.\n\nUn saludo\nSoporte"
        }
        Reply::Deletion => {
            "Hola:\n\nhemos recibido su petición sobre sus datos personales. Antes de hacer nada debe ser seguro que procede de la persona titular de la cuenta; por eso, escríbanos desde la dirección con la que está registrada. Si solo se refiere a una parte de los datos, díganos a cuál. No envíe copias de documentos si no se las pedimos.\n\nUn saludo\nSoporte"
        }
        Reply::Outage => {
            "Hola:\n\ngracias por avisarnos. Lo tomamos en serio y lo estamos revisando. Si puede, díganos desde cuándo ocurre, qué parte está afectada, cuántas personas no pueden trabajar y el mensaje de error exacto. Responda en este ticket, para que todo quede en un solo lugar.\n\nUn saludo\nSoporte"
        }
        Reply::Bug => {
            "Hola:\n\ngracias por comunicarlo; no debería ocurrir. Para poder reproducirlo, díganos qué pasos llevan a ello, qué esperaba, qué vio en su lugar y qué navegador o versión de la aplicación usa. Ayuda una captura sin datos personales. Responda en este ticket, para que todo quede en un solo lugar.\n\nUn saludo\nSoporte"
        }
        Reply::HowTo => {
            "Hola:\n\ngracias por su pregunta. La tiene nuestro equipo de soporte. Para darle los pasos exactos, nos ayuda saber en qué página está y qué quiere conseguir al final. Si ve un mensaje de error, envíenos también su texto.\n\nUn saludo\nSoporte"
        }
        Reply::Feature => {
            "Hola:\n\ngracias por la sugerencia. La hemos anotado en este ticket. Todavía no podemos decir si se hará ni cuándo, pero peticiones como la suya ayudan a decidir qué viene después. Si quiere, díganos qué desea conseguir con ello y cómo lo hace hoy.\n\nUn saludo\nSoporte"
        }
        Reply::Other => {
            "Hola:\n\ngracias por su mensaje. Lo hemos recibido y lo tiene alguien de nuestro equipo. Si puede, añada qué desea que hagamos y, si se trata de un pedido, una factura o una página en concreto, de cuál. No envíe contraseñas ni números de tarjeta.\n\nUn saludo\nSoporte"
        }
    }
}
