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
        Reply::Billing => {
            "Hola:\n\ngracias por su consulta sobre la facturación. La hemos pasado a nuestro equipo de facturación, que revisará su cuenta y le responderá aquí. Si aún no lo ha hecho, ayuda que nos indique el número de factura y el periodo al que se refiere. No envíe números de tarjeta.\n\nUn saludo\nSoporte"
        }
        Reply::WhichSubscription => {
            "Hola:\n\nlamentamos que quiera dejarnos y hemos anotado su petición. Para terminar la suscripción correcta, escríbanos desde la dirección de correo con la que está registrada la cuenta, indique el plan o espacio de trabajo y díganos si debe terminar ahora o al final del periodo ya pagado.\n\nUn saludo\nSoporte"
        }
        Reply::Password => {
            "Hola:\n\npuede elegir usted una contraseña nueva: abra la página de inicio de sesión, elija \"He olvidado mi contraseña\" e introduzca la dirección de correo de su cuenta. Recibirá un enlace que vale una sola vez. Si no llega nada en unos minutos, mire en la carpeta de correo no deseado y compruebe que es la dirección registrada. Nunca necesitamos su contraseña; no nos la envíe. Si sigue sin funcionar, responda a este mensaje.\n\nUn saludo\nSoporte"
        }
        Reply::Access => {
            "Hola:\n\ngracias por avisarnos de que no puede entrar. Estamos haciendo revisar el acceso de su cuenta. Nos ayuda saber cuándo funcionó por última vez, si hay más personas afectadas y el texto exacto del mensaje que ve. No envíe contraseñas ni códigos de verificación; nadie de nuestro equipo se los pedirá.\n\nUn saludo\nSoporte"
        }
        Reply::LeakedSecret => {
            "Hola:\n\ngracias por avisarnos. Una clave o contraseña que otros hayan podido ver debe darse por conocida. Revóquela de inmediato, cree una nueva, sustitúyala donde se use y revise su actividad reciente por si hay algo que no reconozca. La hemos quitado de nuestra copia de su mensaje. No nos envíe la nueva. Nuestro equipo de seguridad está informado.\n\nUn saludo\nSoporte"
        }
        Reply::Incident => {
            "Hola:\n\ngracias por avisar tan pronto. Lo hemos pasado a nuestro equipo de seguridad. Mientras tanto, cambie su contraseña desde un dispositivo de confianza, cierre las demás sesiones y active la verificación en dos pasos. Conserve los mensajes sospechosos y díganos cuándo lo notó por primera vez. No envíe contraseñas ni códigos.\n\nUn saludo\nSoporte"
        }
        Reply::Deletion => {
            "Hola:\n\nhemos recibido su petición sobre sus datos personales y la hemos pasado a las personas que la tramitan. Primero confirmarán que procede de la persona titular de la cuenta y después le dirán qué ocurre y cuándo. Si solo se refiere a una parte de los datos, díganos a cuál. No envíe copias de documentos si no se las pedimos.\n\nUn saludo\nSoporte"
        }
        Reply::Outage => {
            "Hola:\n\ngracias por avisarnos. Lo tratamos con la máxima prioridad y hemos pedido a nuestro equipo técnico que lo revise. Si puede, díganos desde cuándo ocurre, qué parte está afectada, cuántas personas no pueden trabajar y el mensaje de error exacto. Le mantendremos informado en este ticket.\n\nUn saludo\nSoporte"
        }
        Reply::Bug => {
            "Hola:\n\ngracias por comunicarlo; no debería ocurrir. Para poder reproducirlo, díganos qué pasos llevan a ello, qué esperaba, qué vio en su lugar y qué navegador o versión de la aplicación usa. Ayuda una captura sin datos personales. Hemos registrado el problema y le responderemos aquí.\n\nUn saludo\nSoporte"
        }
        Reply::HowTo => {
            "Hola:\n\ngracias por su pregunta. Alguien de nuestro equipo va a responderla para su cuenta. Para darle los pasos exactos, nos ayuda saber en qué página está y qué quiere conseguir al final. Si ve un mensaje de error, envíenos también su texto.\n\nUn saludo\nSoporte"
        }
        Reply::Feature => {
            "Hola:\n\ngracias por la sugerencia. La hemos anotado para nuestro equipo de producto. Todavía no podemos decir si se hará ni cuándo, pero peticiones como la suya ayudan a decidir qué viene después. Si quiere, díganos qué desea conseguir con ello y cómo lo hace hoy.\n\nUn saludo\nSoporte"
        }
        Reply::Other => {
            "Hola:\n\ngracias por su mensaje. Lo hemos recibido y alguien lo va a leer. Si puede, añada qué desea que hagamos y, si se trata de un pedido, una factura o una página en concreto, de cuál. No envíe contraseñas ni números de tarjeta.\n\nUn saludo\nSoporte"
        }
    }
}
